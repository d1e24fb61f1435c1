#include "platform/names/names.h"

#include <algorithm>

namespace fivestrand::names {
namespace {

constexpr std::string_view kTrusts = "trusts/";
constexpr std::string_view kSchools = "schools/";

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string_view FirstSegment(std::string_view text) {
  return text.substr(0, text.find('/'));
}

}  // namespace

bool ValidId(std::string_view id) {
  if (id.empty() || id.size() > kMaxIdLength || !IsAlphanumeric(id.front())) return false;
  return std::all_of(id.begin(), id.end(), [](char c) { return IsAlphanumeric(c) || c == '-'; });
}

bool ValidUuid(std::string_view text) {
  if (text.size() != 36) return false;
  bool nil = true;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return false;
      continue;
    }
    if (!IsHex(c)) return false;
    if (c != '0') nil = false;
  }
  return !nil;
}

std::string_view TrustNameOf(std::string_view name) {
  const std::string_view trust = TrustOf(name);
  return trust.empty() ? std::string_view() : name.substr(0, kTrusts.size() + trust.size());
}

std::string_view TrustOf(std::string_view name) {
  if (!name.starts_with(kTrusts)) return {};
  return FirstSegment(name.substr(kTrusts.size()));
}

std::string_view SchoolOf(std::string_view name) {
  const std::string_view trust = TrustNameOf(name);
  if (trust.empty() || name.size() <= trust.size() + 1) return {};
  const std::string_view rest = name.substr(trust.size() + 1);
  if (!rest.starts_with(kSchools)) return {};
  return FirstSegment(rest.substr(kSchools.size()));
}

std::string_view SchoolNameOf(std::string_view name) {
  const std::string_view school = SchoolOf(name);
  if (school.empty()) return {};
  return name.substr(0, TrustNameOf(name).size() + 1 + kSchools.size() + school.size());
}

std::string_view ParentOf(std::string_view name) {
  const size_t id = name.rfind('/');
  if (id == std::string_view::npos || id == 0) return {};
  const size_t collection = name.rfind('/', id - 1);
  if (collection == std::string_view::npos) return {};
  return name.substr(0, collection);
}

std::string_view IdOf(std::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

}  // namespace fivestrand::names
