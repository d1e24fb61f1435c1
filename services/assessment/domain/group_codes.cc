#include "services/assessment/domain/group_codes.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"

namespace fivestrand::assessment::domain {
namespace {

using Group = v1::GroupMembership;

constexpr std::string_view kNeeds[] = {"SPLD", "MLD", "SLD", "PMLD", "SEMH", "SLCN", "HI", "VI", "MSI", "PD", "ASD", "OTH", "NSA"};

// In small letters, without anything but letters and digits.
constexpr std::pair<std::string_view, Group::Group> kNames[] = {
    {"disadvantaged", Group::DISADVANTAGED},
    {"pp", Group::DISADVANTAGED},
    {"pupilpremium", Group::DISADVANTAGED},
    {"ever6", Group::DISADVANTAGED},
    {"fsm6", Group::DISADVANTAGED},
    {"fsm", Group::FREE_SCHOOL_MEALS},
    {"freeschoolmeals", Group::FREE_SCHOOL_MEALS},
    {"lac", Group::LOOKED_AFTER},
    {"cla", Group::LOOKED_AFTER},
    {"lookedafter", Group::LOOKED_AFTER},
    {"incare", Group::LOOKED_AFTER},
    {"pla", Group::PREVIOUSLY_LOOKED_AFTER},
    {"plac", Group::PREVIOUSLY_LOOKED_AFTER},
    {"previouslylookedafter", Group::PREVIOUSLY_LOOKED_AFTER},
    {"k", Group::SEN_SUPPORT},
    {"sensupport", Group::SEN_SUPPORT},
    {"e", Group::EHCP},
    {"ehcp", Group::EHCP},
    {"ehcplan", Group::EHCP},
    {"eal", Group::ENGLISH_AS_AN_ADDITIONAL_LANGUAGE},
    {"englishasanadditionallanguage", Group::ENGLISH_AS_AN_ADDITIONAL_LANGUAGE},
    {"mostable", Group::MOST_ABLE},
    {"moreable", Group::MOST_ABLE},
    {"hpa", Group::MOST_ABLE},
    {"servicechild", Group::SERVICE_CHILD},
    {"youngcarer", Group::YOUNG_CARER},
    {"ethnicity", Group::ETHNICITY},
    {"mobile", Group::MOBILE},
    {"mobility", Group::MOBILE}};

}  // namespace

std::string_view DetailFault(Group::Group group, std::string_view detail) {
  switch (group) {
    case Group::SEN_SUPPORT:
    case Group::EHCP:
      if (detail.empty() || std::find(std::begin(kNeeds), std::end(kNeeds), detail) != std::end(kNeeds)) return {};
      return "must be a type of need: SPLD, MLD, SLD, PMLD, SEMH, SLCN, HI, VI, MSI, PD, ASD, OTH or NSA";
    case Group::ETHNICITY:
      return detail.empty() ? std::string_view("must be the code of the ethnicity, such as WBRI") : std::string_view();
    default:
      return detail.empty() ? std::string_view() : std::string_view("must be empty for this group");
  }
}

std::optional<Group::Group> ParseGroup(std::string_view text) {
  std::string normal;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) normal.push_back(absl::ascii_tolower(byte));
  }
  for (const auto& [name, group] : kNames) {
    if (name == normal) return group;
  }
  return std::nullopt;
}

bool NeededByTeacher(Group::Group group) {
  return group == Group::SEN_SUPPORT || group == Group::EHCP || group == Group::LOOKED_AFTER ||
         group == Group::PREVIOUSLY_LOOKED_AFTER;
}

}  // namespace fivestrand::assessment::domain
