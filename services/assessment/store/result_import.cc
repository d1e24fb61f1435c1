#include "services/assessment/store/result_import.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/domain/framework_rules.h"
#include "services/assessment/domain/upn.h"

namespace fivestrand::assessment::store {

using domain::CompiledMapping;
using fivestrand::store::Session;
using Mapping = v1::ColumnMapping;

std::string_view SqlResultImport::trust() const {
  return names::IdOf(options_.trust);
}

// Reads rows into results. What a text means is looked up once for each text.
class SqlResultImport::Reader {
 public:
  Reader(SqlResultImport& import, domain::ImportFile& file)
      : import_(import), facts_(import.facts_), file_(file), mapping_(file.mapping()) {
    for (const v1::AssessmentWindow& window : facts_.windows) {
      const absl::CivilDay start = calendar::FromProto(window.start_date()).value_or(import.options_.today);
      const absl::CivilDay end = calendar::FromProto(window.end_date()).value_or(start);
      windows_.push_back({start, end, std::clamp(import.options_.today, start, end)});
    }
  }

  // Whether the file and its mapping leave anything open that no row can settle.
  absl::Status Prepare() {
    default_window_ = FindDefault(facts_.window_names, import_.options_.window);
    default_subject_ = FindDefault(facts_.subject_names, import_.options_.subject);
    status::FieldViolations wrong;
    if (default_window_ == domain::NameIndex::kNone && !import_.options_.window.empty())
      wrong.Add("header.window", "names a window that does not exist");
    if (default_subject_ == domain::NameIndex::kNone && !import_.options_.subject.empty())
      wrong.Add("header.subject", "names a subject that does not exist");
    for (const CompiledMapping::Column& column : mapping_.columns()) {
      Target target{domain::NameIndex::kNone, domain::NameIndex::kNone};
      if (column.field == Mapping::RESULT && mapping_.wide()) {
        target = {column.window.empty() ? default_window_ : facts_.window_names.Find(column.window),
                  facts_.subject_names.Find(column.subject)};
        if (target.subject < 0)
          wrong.Add("file", absl::StrCat("the column ", column.header, " is of a subject that does not exist"));
        if (target.window < 0 && mapping_.Find(Mapping::WINDOW) == nullptr)
          wrong.Add("header.window", absl::StrCat("is required: the column ", column.header, " is of no window that exists"));
      }
      targets_.push_back(target);
    }
    if (!mapping_.wide() && mapping_.Find(Mapping::WINDOW) == nullptr && default_window_ < 0)
      wrong.Add("header.window", "is required: the file names no windows");
    if (!mapping_.wide() && mapping_.Find(Mapping::SUBJECT) == nullptr && default_subject_ < 0)
      wrong.Add("header.subject", "is required: the file names no subjects");
    return wrong.ToStatus();
  }

  void Take(const csv::Row& row) {
    const std::int64_t pupil = PupilOf(row);
    int window = default_window_, subject = default_subject_;
    if (const auto* column = mapping_.Find(Mapping::WINDOW))
      window = Look(row, *column, facts_.window_names, &window_texts_, "window", window);
    if (const auto* column = mapping_.Find(Mapping::SUBJECT))
      subject = Look(row, *column, facts_.subject_names, &subject_texts_, "subject", subject);
    for (std::size_t i = 0; i < mapping_.columns().size(); ++i) {
      const CompiledMapping::Column& column = mapping_.columns()[i];
      if (column.field != Mapping::RESULT) continue;
      const std::string_view text = file_.Value(row, column);
      if (text.empty()) continue;
      Target target{window, subject};
      if (mapping_.wide()) {
        target.subject = targets_[i].subject;
        if (targets_[i].window >= 0) target.window = targets_[i].window;
      }
      // What is missing was said already.
      if (pupil < 0 || target.window < 0 || target.subject < 0) continue;
      TakeResult(row, column, text, static_cast<std::uint32_t>(pupil), target);
    }
  }

 private:
  struct Target {
    int window;
    int subject;
  };
  struct WindowDays {
    absl::CivilDay start, end, day;
  };
  static constexpr int kNotAssessed = -1, kSeveralScales = -2;

  static int FindDefault(const domain::NameIndex& index, const std::string& name) {
    return name.empty() ? domain::NameIndex::kNone : index.Find(name);
  }

  std::int64_t PupilOf(const csv::Row& row) {
    const CompiledMapping::Column& column = *mapping_.Find(Mapping::UPN);
    const std::string_view cell = file_.Value(row, column);
    const auto exact = facts_.by_upn.find(AbslView(cell));
    const auto found = exact != facts_.by_upn.end() ? exact : facts_.by_upn.find(domain::NormalUpn(cell));
    if (found != facts_.by_upn.end()) {
      if (file_.previewing()) file_.Show(row, column, facts_.pupils[found->second]);
      return found->second;
    }
    const std::string_view fault = cell.empty() ? std::string_view("must not be empty") : domain::UpnFault(domain::NormalUpn(cell));
    file_.Wrong(row, column, fault.empty() ? "is no pupil of the trust; import pupils first" : fault);
    return -1;
  }

  int Look(const csv::Row& row, const CompiledMapping::Column& column, const domain::NameIndex& index,
           absl::flat_hash_map<std::string, int>* texts, const char* what, int otherwise) {
    const std::string_view text = file_.Value(row, column);
    if (text.empty()) {
      if (otherwise < 0) file_.Wrong(row, column, absl::StrCat("must name a ", what));
      return otherwise;
    }
    auto [known, fresh] = texts->try_emplace(AbslView(text), 0);
    if (fresh) known->second = index.Find(text);
    if (known->second == domain::NameIndex::kNone) file_.Wrong(row, column, absl::StrCat("is no ", what, " of the trust"));
    if (known->second == domain::NameIndex::kSeveral)
      file_.Wrong(row, column, absl::StrCat("fits several; write the id of one ", what));
    return known->second;
  }

  void TakeResult(const csv::Row& row, const CompiledMapping::Column& cell, std::string_view text, std::uint32_t pupil,
                  Target target) {
    const v1::AssessmentWindow& window = facts_.windows[target.window];
    const WindowDays& days = windows_[target.window];
    if (window.entry() != v1::AssessmentWindow::OPEN) {
      file_.Wrong(row, cell, absl::StrCat("is for ", window.display_name(), ", which takes no results: it is closed"));
      return;
    }
    const EnrolmentFact* enrolment = facts_.EnrolmentIn(pupil, days.day, days.start, days.end);
    if (enrolment == nullptr) {
      file_.Wrong(row, cell, absl::StrCat("is of a pupil who was in no school of the trust in ", window.display_name()));
      return;
    }
    const int place = ColumnOf(target, enrolment->year_group);
    if (place < 0) {
      file_.Wrong(row, cell,
                  place == kSeveralScales
                      ? "could be on several scales of the window: this subject needs one for each year group"
                      : absl::StrCat("is of a subject that ", window.display_name(), " does not assess in the pupil's year group"));
      return;
    }
    const Column& column = import_.columns_[place];
    const std::optional<domain::Outcome> outcome = column.compiled->Parse(text);
    if (!outcome) {
      file_.Wrong(row, cell, column.compiled->expected());
      return;
    }
    if (file_.previewing()) file_.Show(row, cell, column.compiled->Write(*outcome));
    import_.parsed_.push_back({.value = outcome->value,
                               .pupil = pupil,
                               .line = row.line,
                               .outcome = outcome->code,
                               .column = static_cast<std::uint16_t>(place),
                               .school = enrolment->school,
                               .place = static_cast<std::uint16_t>(cell.place),
                               .year_group = enrolment->year_group});
  }

  int ColumnOf(Target target, std::uint8_t year_group) {
    const std::uint64_t key =
        (static_cast<std::uint64_t>(target.window) << 32) | (static_cast<std::uint64_t>(target.subject) << 8) | year_group;
    auto [known, fresh] = columns_.try_emplace(key, kNotAssessed);
    if (!fresh) return known->second;
    const v1::AssessmentWindow& window = facts_.windows[target.window];
    const auto year = static_cast<type::v1::YearGroup>(year_group);
    const std::string& subject = facts_.subjects[target.subject];
    const v1::AssessedSubject* line = domain::FindSubject(window, subject, "", year);
    if (line == nullptr) {
      for (const v1::AssessedSubject& each : window.subjects()) {
        if (each.subject() == subject && domain::FindSubject(window, subject, each.scale(), year) != nullptr)
          known->second = kSeveralScales;
      }
      return known->second;
    }
    const auto scale = facts_.scales.find(line->scale());
    if (scale == facts_.scales.end()) return known->second;
    // Several year groups may share one.
    for (std::size_t i = 0; i < import_.columns_.size(); ++i) {
      const Column& each = import_.columns_[i];
      if (each.window == target.window && each.subject == target.subject && each.scale == line->scale())
        return known->second = static_cast<int>(i);
    }
    known->second = static_cast<int>(import_.columns_.size());
    import_.columns_.push_back({target.window, target.subject, line->scale(), scale->second.get()});
    return known->second;
  }

  SqlResultImport& import_;
  const ImportFacts& facts_;
  domain::ImportFile& file_;
  const CompiledMapping& mapping_;
  std::vector<WindowDays> windows_;
  std::vector<Target> targets_;
  int default_window_ = domain::NameIndex::kNone, default_subject_ = domain::NameIndex::kNone;
  absl::flat_hash_map<std::string, int> window_texts_, subject_texts_;
  absl::flat_hash_map<std::uint64_t, int> columns_;
};

absl::Status SqlResultImport::Load(Session& session) {
  return LoadImportFacts(registry_, session, trust(), &facts_);
}

absl::Status SqlResultImport::Parse(domain::ImportFile* file) {
  Reader reader(*this, *file);
  FIVESTRAND_RETURN_IF_ERROR(reader.Prepare());
  FIVESTRAND_RETURN_IF_ERROR(file->ForEach([&](const csv::Row& row) {
    reader.Take(row);
    return absl::OkStatus();
  }));
  FindDoubles(file);
  return absl::OkStatus();
}

// The same result twice is one; two different ones are an error of the later line.
void SqlResultImport::FindDoubles(domain::ImportFile* file) {
  std::sort(parsed_.begin(), parsed_.end(), [](const Parsed& a, const Parsed& b) {
    return std::tie(a.column, a.pupil, a.line, a.place) < std::tie(b.column, b.pupil, b.line, b.place);
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < parsed_.size(); ++i) {
    if (kept > 0 && parsed_[kept - 1].column == parsed_[i].column && parsed_[kept - 1].pupil == parsed_[i].pupil) {
      const Parsed& first = parsed_[kept - 1];
      if (first.outcome == parsed_[i].outcome && first.value == parsed_[i].value) continue;
      std::string header;
      for (const CompiledMapping::Column& column : file->mapping().columns()) {
        if (column.place == parsed_[i].place) header = column.header;
      }
      file->problems().Add(parsed_[i].line, header, columns_[first.column].compiled->Write({parsed_[i].outcome, parsed_[i].value}),
                           absl::StrCat("differs from the result of the same pupil, subject and window in line ", first.line));
      continue;
    }
    parsed_[kept++] = parsed_[i];
  }
  parsed_.resize(kept);
}

}  // namespace fivestrand::assessment::store
