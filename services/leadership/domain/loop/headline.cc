#include <cmath>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "fivestrand/type/v1/school.pb.h"

#include "platform/names/names.h"
#include "platform/status/views.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/rules.h"

namespace fivestrand::leadership::domain {
namespace {

std::string_view GroupWords(type::v1::PupilGroup group) {
  switch (group) {
    case type::v1::PUPIL_GROUP_DISADVANTAGED:
      return "disadvantaged pupils";
    case type::v1::PUPIL_GROUP_SEND:
      return "pupils with SEND";
    case type::v1::PUPIL_GROUP_LAC:
      return "looked-after pupils";
    case type::v1::PUPIL_GROUP_MOST_ABLE:
      return "most able pupils";
    case type::v1::PUPIL_GROUP_EAL:
      return "pupils with English as an additional language";
    default:
      return {};
  }
}

// `Year 5`, `Reception`, `Nursery 1`.
std::string YearWords(type::v1::YearGroup year) {
  const std::string name(absl::StripPrefix(type::v1::YearGroup_Name(year), "YEAR_GROUP_"));
  if (name == "R") return "Reception";
  if (name == "N1" || name == "N2") return absl::StrCat("Nursery ", name.substr(1));
  return absl::StrCat("Year ", name);
}

// What it is called, or else the id as words.
std::string Words(std::string_view title, std::string_view name) {
  if (!title.empty()) return std::string(title);
  return absl::StrReplaceAll(AbslView(names::IdOf(name)), {{"-", " "}});
}

void Append(std::string_view part, std::string* text) {
  if (!part.empty()) absl::StrAppend(text, text->empty() ? "" : ", ", AbslView(part));
}

std::string CutWords(const evidence::v1::Cut& cut, const CutNames& called) {
  std::string text;
  Append(GroupWords(cut.group()), &text);
  if (!cut.subject().empty()) Append(Words(called.subject, cut.subject()), &text);
  if (cut.year_group() != type::v1::YEAR_GROUP_UNSPECIFIED) Append(YearWords(cut.year_group()), &text);
  if (!cut.school_class().empty()) Append(absl::StrCat("class ", Words(called.school_class, cut.school_class())), &text);
  if (!cut.person().empty()) Append("one person's own", &text);
  return text;
}

std::string Number(double value, int digits) {
  const double scale = std::pow(10, digits);
  const double rounded = std::round(value * scale) / scale;
  return rounded == std::floor(rounded) ? absl::StrFormat("%.0f", rounded) : absl::StrFormat("%.*f", digits, rounded);
}

std::string Figure(const evidence::v1::Measure& measure, double value) {
  switch (measure.unit()) {
    case evidence::v1::SHARE:
      return absl::StrCat(Number(value * 100, 0), " %");
    case evidence::v1::PERCENTAGE_POINTS:
      return absl::StrCat(Number(value, 1), " points");
    case evidence::v1::DAYS:
      return absl::StrCat(Number(value, 0), " days");
    case evidence::v1::SCHOOL_DAYS:
      return absl::StrCat(Number(value, 0), " school days");
    default:
      return Number(value, 1);
  }
}

std::string_view RuleWords(v1::Rule rule, const Series& series) {
  switch (rule) {
    case v1::OUT_OF_BAND:
      return BandAt(series, series.readings.size() - 1) == evidence::v1::AMBER ? "amber again" : "out of band";
    case v1::WIDENING_GAP:
      return "widened twice";
    case v1::MISSED_COMMITMENT:
      return "commitment missed";
    case v1::FALLING:
      return "worse than a year ago";
    case v1::STALE:
      return "nothing new for half a term";
    default:
      return {};
  }
}

}  // namespace

std::string Headline(v1::Rule rule, const Series& series, const CutNames& called) {
  std::string text = series.measure.title().empty() ? series.measure.measure() : series.measure.title();
  const evidence::v1::Reading& newest = series.readings.back();
  Append(CutWords(newest.cut(), called), &text);
  absl::StrAppend(&text, ": ", AbslView(RuleWords(rule, series)));
  if (newest.has_value()) absl::StrAppend(&text, ", now ", Figure(series.measure, newest.value()));
  return text;
}

}  // namespace fivestrand::leadership::domain
