// Who answers for a concern. Pure: from the posts of the trust and a day.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_ACCOUNTABLE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_ACCOUNTABLE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/improvement.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"

namespace fivestrand::leadership::domain {

// The posts of a trust that matter, and who has left it.
class PostBook {
 public:
  // `posts`: all posts of the trust, past ones too. `people`: all live people; whoever is not among them has left.
  PostBook(std::vector<v1::Post> posts, const std::vector<v1::Person>& people);

  // The holder of the post that answers for a school on a day: the headteacher, else the executive headteacher who answers for it,
  // else the CEO. For the trust as a whole (empty school) the CEO. With several, who has held it longest. Empty when the trust has
  // nobody in any of the posts.
  std::string Accountable(std::string_view school, absl::CivilDay day) const;

  // Who may ask when `accountable` does nothing: the post above theirs in that order. For a person outside these posts the holder
  // of the lowest of them. Empty above the CEO.
  std::string LineAbove(std::string_view school, std::string_view accountable, absl::CivilDay day) const;

  // Not of the trust any more on that day: no such person, their last day has passed, or every post that they had has ended.
  bool HasLeft(std::string_view person, absl::CivilDay day) const;

  // Moves accountability to whom it belongs on that day: with the post, or, where it was handed on by name, from somebody who has
  // left to the holder of the post. Whether anything changed. An ended concern keeps who answered for it.
  bool Move(absl::CivilDay day, v1::Concern* concern) const;

 private:
  // Holders, longest first.
  std::vector<std::string> Holders(v1::Post::Kind kind, std::string_view school, absl::CivilDay day) const;
  // Holders of each post that answers for the school, from the lowest up.
  std::vector<std::vector<std::string>> Line(std::string_view school, absl::CivilDay day) const;

  std::vector<v1::Post> posts_;
  absl::flat_hash_set<std::string> people_;
  // Of those who have a last day.
  std::vector<std::pair<std::string, absl::CivilDay>> last_days_;
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_ACCOUNTABLE_H_
