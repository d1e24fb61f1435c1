#include "services/leadership/domain/loop/accountable.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "absl/algorithm/container.h"

#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/stamps.h"

namespace fivestrand::leadership::domain {
namespace {

bool HeldOn(const v1::Post& post, absl::CivilDay day) {
  const std::optional<absl::CivilDay> start = DateOf(post.has_start_date(), post.start_date());
  const std::optional<absl::CivilDay> end = DateOf(post.has_end_date(), post.end_date());
  return (!start || *start <= day) && (!end || day <= *end);
}

// An executive headteacher answers for the schools that the post names.
bool AnswersFor(const v1::Post& post, std::string_view school) {
  switch (post.kind()) {
    case v1::Post::HEADTEACHER:
      return post.school() == school;
    case v1::Post::EXECUTIVE_HEADTEACHER:
      return post.school() == school || absl::c_linear_search(post.responsible_schools(), school);
    default:
      return true;
  }
}

}  // namespace

PostBook::PostBook(std::vector<v1::Post> posts, const std::vector<v1::Person>& people) : posts_(std::move(posts)) {
  for (const v1::Person& person : people) {
    people_.insert(person.name());
    if (const auto last = DateOf(person.has_end_date(), person.end_date())) last_days_.emplace_back(person.name(), *last);
  }
  std::sort(posts_.begin(), posts_.end(), [](const v1::Post& a, const v1::Post& b) {
    const auto key = [](const v1::Post& post) {
      return std::tuple(post.start_date().year(), post.start_date().month(), post.start_date().day(),
                        std::string_view(post.name()));
    };
    return key(a) < key(b);
  });
}

bool PostBook::HasLeft(std::string_view person, absl::CivilDay day) const {
  if (!people_.contains(std::string(person))) return true;
  for (const auto& [name, last] : last_days_) {
    if (name == person) return last < day;
  }
  bool had = false;
  for (const v1::Post& post : posts_) {
    if (post.person() != person) continue;
    if (HeldOn(post, day)) return false;
    had = true;
  }
  return had;
}

std::vector<std::string> PostBook::Holders(v1::Post::Kind kind, std::string_view school, absl::CivilDay day) const {
  std::vector<std::string> holders;
  for (const v1::Post& post : posts_) {
    if (post.kind() == kind && HeldOn(post, day) && AnswersFor(post, school) && !HasLeft(post.person(), day))
      holders.push_back(post.person());
  }
  return holders;
}

std::vector<std::vector<std::string>> PostBook::Line(std::string_view school, absl::CivilDay day) const {
  std::vector<std::vector<std::string>> line;
  if (!school.empty()) {
    line.push_back(Holders(v1::Post::HEADTEACHER, school, day));
    line.push_back(Holders(v1::Post::EXECUTIVE_HEADTEACHER, school, day));
  }
  line.push_back(Holders(v1::Post::CEO, school, day));
  return line;
}

std::string PostBook::Accountable(std::string_view school, absl::CivilDay day) const {
  for (const std::vector<std::string>& holders : Line(school, day)) {
    if (!holders.empty()) return holders.front();
  }
  return {};
}

std::string PostBook::LineAbove(std::string_view school, std::string_view accountable, absl::CivilDay day) const {
  const std::vector<std::vector<std::string>> line = Line(school, day);
  std::size_t from = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (absl::c_linear_search(line[i], accountable)) from = i + 1;
  }
  for (std::size_t i = from; i < line.size(); ++i) {
    for (const std::string& holder : line[i]) {
      if (holder != accountable) return holder;
    }
  }
  return {};
}

bool PostBook::Move(absl::CivilDay day, v1::Concern* concern) const {
  if (!IsOpen(*concern)) return false;
  if (concern->handed_on() && !concern->accountable().empty() && !HasLeft(concern->accountable(), day)) return false;
  std::string holder = Accountable(concern->school(), day);
  if (!concern->handed_on() && !concern->accountable().empty() && !HasLeft(concern->accountable(), day)) {
    // Of two who share the post, the one who had it keeps it.
    for (const std::vector<std::string>& holders : Line(concern->school(), day)) {
      if (holders.empty()) continue;
      if (absl::c_linear_search(holders, concern->accountable())) return false;
      break;
    }
  }
  // Nobody holds any of the posts: never to nobody, so whoever had it keeps it.
  if (holder.empty() || (holder == concern->accountable() && !concern->handed_on())) return false;
  concern->set_accountable(std::move(holder));
  concern->set_handed_on(false);
  return true;
}

}  // namespace fivestrand::leadership::domain
