#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "google/type/date.pb.h"

#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/assessment/store/frame_loader.h"
#include "services/assessment/store/frame_rows.h"

namespace fivestrand::assessment::store {
namespace {

using domain::FrameNames;
using fivestrand::store::Row;
using fivestrand::store::Session;

using Kind = domain::DictionaryKind;

std::int32_t DayNumber(const google::type::Date& date) {
  return store::DayNumber(absl::CivilDay(date.year(), date.month(), date.day()));
}

class NamesReader {
 public:
  NamesReader(const resource::Registry& registry, Session& session, std::string_view trust)
      : registry_(registry), session_(session), trust_(trust), names_(std::make_shared<FrameNames>()) {
    names_->trust = std::string(trust);
  }

  absl::StatusOr<std::shared_ptr<const FrameNames>> Read(const FrameNames* before) {
    FIVESTRAND_RETURN_IF_ERROR(session_
                                   .QueryOne("SELECT number FROM dictionary WHERE trust = '' AND kind = $1 AND name = $2",
                                             {static_cast<std::int64_t>(Kind::kTrust), trust_},
                                             [&](const Row& row) {
                                               names_->trust_number = static_cast<std::int32_t>(row.Int(0));
                                               return absl::OkStatus();
                                             })
                                   .status());
    FIVESTRAND_RETURN_IF_ERROR(ReadSchools());
    FIVESTRAND_RETURN_IF_ERROR(ReadSubjects());
    FIVESTRAND_RETURN_IF_ERROR(ReadScales());
    FIVESTRAND_RETURN_IF_ERROR(ReadWindows());
    FIVESTRAND_RETURN_IF_ERROR(ReadClasses(before));
    return names_;
  }

 private:
  template <typename Record>
  absl::Status Scan(absl::FunctionRef<void(const Record&)> each) {
    Record record;
    return registry_.Scan(session_, Record::descriptor(), "trust = $1", {trust_}, &record, [&] {
      each(record);
      return absl::OkStatus();
    });
  }

  absl::Status ReadSchools() {
    absl::flat_hash_map<std::string, std::uint32_t> numbers;
    FIVESTRAND_RETURN_IF_ERROR(ReadFrameNumbers(session_, trust_, Kind::kSchool, &numbers));
    for (const auto& [id, number] : numbers) {
      domain::SchoolName& school = Grow(names_->schools, number);
      school.name = absl::StrCat("trusts/", AbslView(trust_), "/schools/", id);
      names_->school_numbers.insert_or_assign(school.name, number);
    }
    return Scan<leadership::v1::School>([&](const leadership::v1::School& record) {
      const auto found = names_->school_numbers.find(record.name());
      if (found == names_->school_numbers.end()) return;
      domain::SchoolName& school = names_->schools[found->second];
      school.display_name = record.display_name();
      school.phase = static_cast<std::uint8_t>(record.phase());
      school.running = record.status() != leadership::v1::School::CLOSED;
    });
  }

  absl::Status ReadSubjects() {
    absl::flat_hash_map<std::string, std::uint32_t> numbers;
    FIVESTRAND_RETURN_IF_ERROR(ReadFrameNumbers(session_, trust_, Kind::kSubject, &numbers));
    for (const auto& [id, number] : numbers) {
      domain::SubjectName& subject = Grow(names_->subjects, number);
      subject.name = absl::StrCat("trusts/", AbslView(trust_), "/subjects/", id);
      names_->subject_numbers.insert_or_assign(subject.name, number);
    }
    return Scan<leadership::v1::Subject>([&](const leadership::v1::Subject& record) {
      const auto found = names_->subject_numbers.find(record.name());
      if (found == names_->subject_numbers.end()) return;
      names_->subjects[found->second].display_name = record.display_name();
      names_->subjects[found->second].core = record.core();
    });
  }

  absl::Status ReadScales() {
    FIVESTRAND_RETURN_IF_ERROR(ReadFrameNumbers(session_, trust_, Kind::kScale, &scale_numbers_));
    return Scan<v1::Scale>([&](const v1::Scale& record) {
      const auto found = scale_numbers_.find(std::string(LastSegment(record.name())));
      if (found != scale_numbers_.end()) Grow(names_->scales, found->second) = ScaleOf(record);
    });
  }

  static domain::ScaleName ScaleOf(const v1::Scale& record) {
    domain::ScaleName scale;
    scale.name = record.name();
    scale.numeric = record.kind() == v1::Scale::NUMERIC;
    scale.scored = scale.numeric;
    scale.has_standard = record.has_standard_thousandths();
    scale.standard = record.standard_thousandths();
    scale.has_higher = record.has_higher_standard_thousandths();
    scale.higher_standard = record.higher_standard_thousandths();
    scale.outcomes.emplace_back();
    std::map<std::int32_t, std::uint8_t> places;
    if (scale.numeric) {
      if (scale.has_standard) scale.outcomes = {"", "below", "at", "above"};
    } else {
      for (const v1::Scale::Code& code : record.codes()) {
        if (!code.outside()) places[code.rank()] = 0;
      }
      for (auto& [rank, place] : places) {
        place = static_cast<std::uint8_t>(scale.outcomes.size());
        scale.outcomes.emplace_back();
      }
    }
    for (const v1::Scale::Code& code : record.codes()) {
      domain::ScaleName::Code& meaning = scale.codes[code.number()];
      if (code.outside()) {
        meaning.marks = code.counts_in_denominator() ? domain::kCounts : 0;
        continue;
      }
      meaning.marks = domain::kCounts;
      if (code.at_standard()) meaning.marks |= domain::kExpected;
      if (code.at_higher_standard()) meaning.marks |= domain::kHigher;
      if (code.has_points_thousandths()) scale.scored = true;
      const auto place = places.find(code.rank());
      if (place == places.end()) continue;
      meaning.place = place->second;
      std::string& outcome = scale.outcomes[place->second];
      absl::StrAppend(&outcome, outcome.empty() ? "" : ", ", code.code());
    }
    return scale;
  }

  absl::Status ReadWindows() {
    absl::flat_hash_map<std::string, std::uint32_t> numbers;
    FIVESTRAND_RETURN_IF_ERROR(ReadFrameNumbers(session_, trust_, Kind::kWindow, &numbers));
    return Scan<v1::AssessmentWindow>([&](const v1::AssessmentWindow& record) {
      const auto found = numbers.find(std::string(LastSegment(record.name())));
      if (found == numbers.end()) return;
      domain::WindowName& window = Grow(names_->windows, found->second);
      window.name = record.name();
      window.display_name = record.display_name();
      window.academic_year = record.academic_year();
      window.start = DayNumber(record.start_date());
      window.end = DayNumber(record.end_date());
      window.closed = record.entry() == v1::AssessmentWindow::CLOSED;
      window.baseline = record.kind() == v1::AssessmentWindow::BASELINE;
      for (const v1::AssessedSubject& assessed : record.subjects()) {
        const auto subject = names_->subject_numbers.find(assessed.subject());
        const auto scale = scale_numbers_.find(std::string(LastSegment(assessed.scale())));
        std::uint32_t years = assessed.year_groups().empty() ? ~0u : 0;
        for (const int year : assessed.year_groups()) years |= 1u << year;
        const bool known = subject != names_->subject_numbers.end() && scale != scale_numbers_.end();
        window.assessed.push_back({static_cast<std::uint16_t>(known ? subject->second : 0),
                                   static_cast<std::uint16_t>(known ? scale->second : 0), years});
      }
      names_->window_numbers.insert_or_assign(window.name, found->second);
    });
  }

  absl::Status ReadClasses(const FrameNames* before) {
    names_->classes.resize(1);
    if (before != nullptr) {
      names_->classes.resize(before->classes.size());
      names_->class_numbers = before->class_numbers;
      for (std::size_t i = 1; i < before->classes.size(); ++i) names_->classes[i].name = before->classes[i].name;
    }
    std::vector<domain::ClassName> fresh;
    const auto status = Scan<leadership::v1::SchoolClass>([&](const leadership::v1::SchoolClass& record) {
      domain::ClassName one;
      one.name = record.name();
      one.academic_year = record.academic_year();
      const std::size_t school = record.name().find("/classes/");
      const auto number = names_->school_numbers.find(record.name().substr(0, school));
      if (number != names_->school_numbers.end()) one.school = static_cast<std::uint16_t>(number->second);
      for (const std::string& subject : record.subjects()) {
        const auto found = names_->subject_numbers.find(subject);
        if (found != names_->subject_numbers.end()) one.subjects.push_back(static_cast<std::uint16_t>(found->second));
      }
      // A class for subjects that have no results yet is no class for all.
      if (!record.subjects().empty() && one.subjects.empty()) one.subjects.push_back(0);
      std::sort(one.subjects.begin(), one.subjects.end());
      one.teachers.assign(record.teachers().begin(), record.teachers().end());
      const auto found = names_->class_numbers.find(one.name);
      if (found != names_->class_numbers.end()) {
        names_->classes[found->second] = std::move(one);
      } else {
        fresh.push_back(std::move(one));
      }
    });
    // The same numbers in whatever order the store gives them.
    std::sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (domain::ClassName& one : fresh) {
      names_->class_numbers.insert_or_assign(one.name, static_cast<std::uint32_t>(names_->classes.size()));
      names_->classes.push_back(std::move(one));
    }
    return status;
  }

  const resource::Registry& registry_;
  Session& session_;
  const std::string_view trust_;
  std::shared_ptr<FrameNames> names_;
  absl::flat_hash_map<std::string, std::uint32_t> scale_numbers_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const FrameNames>> LoadNames(const resource::Registry& registry, Session& session,
                                                            std::string_view trust, const FrameNames* before) {
  return NamesReader(registry, session, trust).Read(before);
}

}  // namespace fivestrand::assessment::store
