#include "services/assessment/api/analysed_pupils.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/api/analysis_question.h"
#include "services/assessment/api/analysis_sight.h"
#include "services/assessment/domain/frame_query.h"
#include "services/assessment/domain/frame_source.h"

namespace fivestrand::assessment::api {
namespace {

using domain::Block;
using domain::FrameNames;
using domain::FrameRow;
using domain::FrameWindow;

constexpr int kDefaultPage = 50, kMaxPage = 200;

// Where a row stands in the list.
using Position = std::array<std::uint32_t, 5>;  // window, school, subject, scale, pupil

Position PositionOf(const FrameRow& row) {
  return {row.window, row.school, row.subject, row.scale, row.pupil};
}

std::string Binding(const rpc::CallContext& context, const v1::ListAnalysedPupilsRequest& request) {
  v1::ListAnalysedPupilsRequest asked = request;
  asked.clear_page_token();
  asked.clear_page_size();
  return absl::BytesToHexString(resource::Digest("analysed pupils", context.caller->subject, asked.SerializeAsString()));
}

std::optional<Position> ReadToken(std::string_view opened, std::string_view binding) {
  const std::vector<std::string> parts = absl::StrSplit(AbslView(opened), ':');
  Position position;
  if (parts.size() != 1 + position.size() || parts.front() != binding) return std::nullopt;
  for (std::size_t i = 0; i < position.size(); ++i) {
    if (!absl::SimpleAtoi(parts[i + 1], &position[i])) return std::nullopt;
  }
  return position;
}

// Rows in order, after a position, until there are enough.
class Page {
 public:
  Page(const domain::FrameFilter& filter, const v1::ListAnalysedPupilsRequest& request, std::optional<Position> after,
       std::size_t size)
      : filter_(filter), after_(after), size_(size) {
    standard_ = request.standard() == v1::SHARE_AT_EXPECTED ? domain::kExpected
                : request.standard() == v1::SHARE_AT_HIGHER ? domain::kHigher
                                                            : 0;
    reached_ = request.reached();
  }

  void Read(const domain::Frame& frame) {
    for (const auto& window : frame.windows()) {
      if (after_.has_value() && window->number < (*after_)[0]) continue;
      for (const auto& block : window->blocks) {
        if (!Add(*window, *block)) return;
      }
    }
  }

  const std::vector<FrameRow>& rows() const { return rows_; }
  bool more() const { return more_; }

 private:
  // Whether to go on.
  bool Add(const FrameWindow& window, const Block& block) {
    if (after_.has_value() &&
        std::tuple(window.number, block.key()) < std::tuple(static_cast<std::uint16_t>((*after_)[0]), KeyOf(*after_))) {
      return true;
    }
    const domain::BlockGate gate(filter_, window.number, block);
    if (gate.closed()) return true;
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (!gate.LetsRow(block, i) || !AtStandard(block.marks()[i])) continue;
      const FrameRow row = block.RowAt(i, window.number);
      if (after_.has_value() && PositionOf(row) <= *after_) continue;
      if (rows_.size() == size_) {
        more_ = true;
        return false;
      }
      rows_.push_back(row);
    }
    return true;
  }

  static domain::BlockKey KeyOf(const Position& position) {
    return {static_cast<std::uint16_t>(position[1]), static_cast<std::uint16_t>(position[2]),
            static_cast<std::uint16_t>(position[3])};
  }

  bool AtStandard(std::uint8_t marks) const {
    if (standard_ == 0) return true;
    return (marks & domain::kCounts) != 0 && ((marks & standard_) != 0) == reached_;
  }

  const domain::FrameFilter& filter_;
  const std::optional<Position> after_;
  const std::size_t size_;
  std::uint8_t standard_ = 0;
  bool reached_ = false;
  std::vector<FrameRow> rows_;
  bool more_ = false;
};

// A row as the contract gives it.
void Write(const FrameNames& names, const FrameRow& row, const domain::RowText& text, std::uint8_t told_groups,
           v1::AnalysedResult* result) {
  result->set_pupil(text.pupil);
  if (row.school < names.schools.size()) result->set_school(names.schools[row.school].name);
  if (row.school_class < names.classes.size()) result->set_school_class(names.classes[row.school_class].name);
  result->set_year_group(static_cast<type::v1::YearGroup>(row.year));
  if (row.subject < names.subjects.size()) result->set_subject(names.subjects[row.subject].name);
  if (row.window < names.windows.size()) result->set_window(names.windows[row.window].name);
  result->set_outcome(text.outcome);
  const bool scored = (row.marks & domain::kScored) != 0;
  if (scored) result->set_score(row.score / 1000.0);
  result->set_at_expected((row.marks & domain::kExpected) != 0);
  result->set_at_higher((row.marks & domain::kHigher) != 0);
  for (int group = 0; group < domain::kGroups; ++group) {
    if ((row.groups & told_groups & 1 << group) != 0) result->add_pupil_groups(static_cast<type::v1::PupilGroup>(group + 1));
  }
  const std::uint8_t prior = domain::PriorOf(row.marks);
  result->set_prior_attainment(prior == 0 ? v1::PRIOR_ATTAINMENT_UNKNOWN : static_cast<v1::PriorAttainment>(prior));
  result->set_baseline_outcome(text.baseline_outcome);
  if (scored && text.baseline_score.has_value()) result->set_change(static_cast<double>(row.score - *text.baseline_score) / 1000);
}

}  // namespace

absl::Status ListAnalysedPupils(const resource::Registry& registry, domain::FrameSource& source, const rpc::CallContext& context,
                                const v1::ListAnalysedPupilsRequest& request, v1::ListAnalysedPupilsResponse* response) {
  if (request.page_size() < 0) return status::InvalidField("page_size", "must not be negative");
  const int size = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kMaxPage);
  const std::string binding = Binding(context, request);
  std::optional<Position> after;
  if (!request.page_token().empty()) {
    const std::optional<std::string> opened = registry.page_tokens().Open(request.page_token());
    if (opened.has_value()) after = ReadToken(*opened, binding);
    if (!after.has_value()) {
      return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "belongs to another request");
    }
  }
  FIVESTRAND_ASSIGN_OR_RETURN(const domain::FrameSource::Frames frame, source.Read(context.trust, context.deadline));
  const FrameNames& names = *frame->names;
  FIVESTRAND_ASSIGN_OR_RETURN(domain::FrameFilter filter, ReadFilter(request.parent(), request.filter(), names, "filter"));
  const AnalysisSight sights(context, registry.access(), names);
  const Sight sight = sights.For(GroupsOf(filter));
  // Which group a pupil is in is told by a list of the group, too.
  if (sight.kind != Sight::Kind::kRows) return status::Denied(kReadGroups);
  filter.reach = sight.reach;
  Page page(filter, request, after, static_cast<std::size_t>(size));
  page.Read(frame->frame);
  const std::uint16_t baseline = request.baseline_window().empty() ? 0 : WindowNumber(names, request.baseline_window());
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<domain::RowText> texts,
                              source.Describe(*frame, page.rows(), baseline, context.deadline));
  for (std::size_t i = 0; i < texts.size(); ++i)
    Write(names, page.rows()[i], texts[i], sights.told_groups(), response->add_results());
  if (page.more()) {
    std::string token = binding;
    for (const std::uint32_t part : PositionOf(page.rows().back())) absl::StrAppend(&token, ":", part);
    response->set_next_page_token(registry.page_tokens().Seal(token));
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
