#include "platform/names/pattern.h"

#include <algorithm>
#include <cctype>

#include "platform/names/names.h"

namespace fivestrand::names {
namespace {

constexpr size_t kMaxParts = 16;

bool ValidLiteral(std::string_view text) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 && c < 0x80; });
}

bool ValidVariable(std::string_view text) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

absl::Status Bad(std::string_view pattern, const char* why) {
  return absl::InvalidArgumentError("resource pattern '" + std::string(pattern) + "': " + why);
}

}  // namespace

absl::StatusOr<Pattern> Pattern::Parse(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameLength) return Bad(text.substr(0, 60), "empty or too long");
  Pattern pattern;
  pattern.text_ = std::string(text);
  std::string_view rest = text;
  bool more = true;
  while (more) {
    const size_t slash = rest.find('/');
    more = slash != std::string_view::npos;
    const std::string_view part = rest.substr(0, slash);
    rest = more ? rest.substr(slash + 1) : std::string_view();
    if (pattern.parts_.size() == kMaxParts) return Bad(text, "too many segments");
    if (part.size() > 2 && part.front() == '{' && part.back() == '}') {
      std::string variable(part.substr(1, part.size() - 2));
      if (!ValidVariable(variable)) return Bad(text, "a variable is not in lower snake case");
      if (pattern.parts_.empty()) return Bad(text, "starts with a variable");
      if (pattern.parts_.back().literal.empty()) return Bad(text, "two variables in a row");
      if (std::find(pattern.variables_.begin(), pattern.variables_.end(), variable) != pattern.variables_.end()) {
        return Bad(text, "a variable occurs twice");
      }
      pattern.variables_.push_back(std::move(variable));
      pattern.parts_.push_back({});
    } else {
      if (!ValidLiteral(part)) return Bad(text, "a collection is not in lower camel case");
      pattern.parts_.push_back({std::string(part)});
    }
  }
  pattern.singleton_ = !pattern.parts_.back().literal.empty();
  return pattern;
}

std::optional<Segments> Pattern::Match(std::string_view name, Wildcard wildcard) const {
  if (name.size() > kMaxNameLength) return std::nullopt;
  Segments segments;
  std::string_view rest = name;
  for (size_t i = 0; i < parts_.size(); ++i) {
    const size_t slash = rest.find('/');
    if ((slash == std::string_view::npos) != (i + 1 == parts_.size())) return std::nullopt;
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    if (!parts_[i].literal.empty()) {
      if (part != parts_[i].literal) return std::nullopt;
      continue;
    }
    if (!ValidId(part) && !(wildcard == Wildcard::kAllow && part == kAny)) return std::nullopt;
    segments.push_back(part);
  }
  return segments;
}

std::string Pattern::Format(absl::Span<const std::string_view> ids) const {
  if (ids.size() != variables_.size()) return {};
  std::string name;
  size_t next = 0;
  for (const Part& part : parts_) {
    if (!name.empty()) name += '/';
    if (!part.literal.empty()) {
      name += part.literal;
      continue;
    }
    if (!ValidId(ids[next])) return {};
    name += ids[next++];
  }
  return name;
}

std::string Pattern::ChildName(std::string_view parent, std::string_view id) const {
  const std::string_view collection = Collection();
  std::string name;
  name.reserve(parent.size() + collection.size() + id.size() + 2);
  name.append(parent);
  if (!parent.empty()) name += '/';
  name.append(collection).append(1, '/').append(id);
  return name;
}

std::string_view Pattern::Collection() const {
  return singleton_ ? parts_.back().literal : parts_[parts_.size() - 2].literal;
}

std::string_view Pattern::ParentText() const {
  const size_t own = singleton_ ? 1 : 2;
  if (parts_.size() <= own) return {};
  std::string_view text = text_;
  for (size_t i = 0; i < own; ++i) text = text.substr(0, text.rfind('/'));
  return text;
}

}  // namespace fivestrand::names
