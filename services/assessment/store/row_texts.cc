#include "services/assessment/store/row_texts.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/framework.pb.h"

#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/domain/result_key.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::store {
namespace {

using domain::FrameNames;
using domain::FrameRow;
using domain::ResultKey;
using domain::ResultRow;
using fivestrand::store::Session;

class Reader {
 public:
  Reader(const resource::Registry& registry, Session& session, const FrameNames& names)
      : registry_(registry), session_(session), names_(names) {}

  absl::Status ReadResults(absl::Span<const FrameRow> rows, std::uint16_t baseline) {
    std::vector<std::int64_t> keys;
    for (const FrameRow& row : rows) {
      keys.push_back(Key(row.window, row));
      if (baseline != 0) keys.push_back(Key(baseline, row));
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return store::ReadResults(session_, keys, [&](const ResultRow& row) { results_[row.key] = row; });
  }

  absl::StatusOr<domain::RowText> Read(const FrameRow& row, std::uint16_t baseline) {
    domain::RowText text;
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string pupil, FindName(session_, names_.trust, domain::DictionaryKind::kPupil,
                                                                  static_cast<std::int32_t>(row.pupil)));
    text.pupil = absl::StrCat("trusts/", names_.trust, "/pupils/", pupil);
    FIVESTRAND_ASSIGN_OR_RETURN(text.outcome, OutcomeOf(row.window, row));
    if (baseline == 0) return text;
    FIVESTRAND_ASSIGN_OR_RETURN(text.baseline_outcome, OutcomeOf(baseline, row));
    const auto then = results_.find(Key(baseline, row));
    if (then != results_.end() && then->second.value != domain::kNoValue) text.baseline_score = then->second.value;
    return text;
  }

 private:
  std::int64_t Key(std::uint16_t window, const FrameRow& row) const {
    return ResultKey{.trust = names_.trust_number,
                     .window = window,
                     .subject = row.subject,
                     .scale = row.scale,
                     .pupil = static_cast<std::int32_t>(row.pupil)}
        .Pack();
  }

  absl::StatusOr<std::string> OutcomeOf(std::uint16_t window, const FrameRow& row) {
    const auto found = results_.find(Key(window, row));
    if (found == results_.end()) return std::string();
    auto scale = scales_.find(row.scale);
    if (scale == scales_.end()) {
      v1::Scale record;
      if (row.scale < names_.scales.size() && !names_.scales[row.scale].name.empty()) {
        FIVESTRAND_RETURN_IF_ERROR(registry_.Read(session_, names_.scales[row.scale].name, &record).status());
      }
      scale = scales_.emplace(row.scale, domain::CompiledScale(record)).first;
    }
    return scale->second.Write({found->second.outcome, found->second.value});
  }

  const resource::Registry& registry_;
  Session& session_;
  const FrameNames& names_;
  std::map<std::int64_t, ResultRow> results_;
  std::map<std::uint16_t, domain::CompiledScale> scales_;
};

}  // namespace

absl::StatusOr<std::vector<domain::RowText>> ReadRowTexts(const resource::Registry& registry, Session& session,
                                                          const FrameNames& names, absl::Span<const FrameRow> rows,
                                                          std::uint16_t baseline) {
  Reader reader(registry, session, names);
  FIVESTRAND_RETURN_IF_ERROR(reader.ReadResults(rows, baseline));
  std::vector<domain::RowText> texts;
  for (const FrameRow& row : rows) {
    FIVESTRAND_ASSIGN_OR_RETURN(domain::RowText text, reader.Read(row, baseline));
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace fivestrand::assessment::store
