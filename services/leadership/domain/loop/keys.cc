#include "services/leadership/domain/loop/keys.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/views.h"

namespace fivestrand::leadership::domain {
namespace {

// No part can hold a line break: names and ids cannot, and numbers do not.
std::string CutText(const evidence::v1::Cut& cut) {
  return absl::StrCat(cut.subject(), "\n", static_cast<int>(cut.year_group()), "\n", static_cast<int>(cut.group()), "\n",
                      cut.school_class(), "\n", cut.person());
}

}  // namespace

std::string SeriesKey(std::string_view measure, std::string_view scope, const evidence::v1::Cut& cut) {
  return absl::BytesToHexString(resource::Digest(absl::StrCat(AbslView(measure), "\n", AbslView(scope), "\n", CutText(cut))));
}

std::string ConcernKey(const v1::Concern& concern) {
  const std::string scope = concern.school().empty() ? std::string(names::TrustNameOf(concern.name())) : concern.school();
  std::string text = absl::StrCat(static_cast<int>(concern.rule()), "\n", concern.element(), "\n", concern.measure(), "\n", scope,
                                  "\n", CutText(concern.cut()));
  if (concern.rule() == v1::PERSON) absl::StrAppend(&text, "\n", concern.raised_by());
  return absl::BytesToHexString(resource::Digest(text));
}

}  // namespace fivestrand::leadership::domain
