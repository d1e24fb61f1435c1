// Answers and figures of pulse surveys in the store.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSES_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

#include "services/welfare/domain/pulse_tally.h"

namespace fivestrand::store {
class Session;
class WriteTransaction;
}  // namespace fivestrand::store

namespace fivestrand::welfare::domain {

// Who can answer a survey.
struct Invitation {
  std::vector<std::string> schools;  // resource names
  std::size_t persons = 0;
};

// Thread-safe. Surveys and persons are given by resource name.
class Pulses {
 public:
  virtual ~Pulses() = default;

  // Puts the answer in, unless the person has answered before: ALREADY_EXISTS. Makes the key and the blocks with the first answer,
  // for whom `invite` then says; the trust's data key must be there.
  virtual absl::Status Answer(fivestrand::store::WriteTransaction& transaction, std::string_view survey, std::string_view person,
                              const Ballot& ballot, absl::FunctionRef<absl::StatusOr<Invitation>()> invite) const = 0;

  virtual absl::StatusOr<bool> HasAnswered(fivestrand::store::Session& session, std::string_view survey,
                                           std::string_view person) const = 0;
  // How many have answered an open survey.
  virtual absl::StatusOr<std::size_t> CountAnswered(fivestrand::store::Session& session, std::string_view survey) const = 0;

  // All answers in random order, without anything of who gave them.
  virtual absl::StatusOr<std::vector<Ballot>> ReadAnswers(fivestrand::store::Session& session, std::string_view survey) const = 0;
  // Overwrites key and blocks, then removes them.
  virtual absl::Status Destroy(fivestrand::store::WriteTransaction& transaction, std::string_view survey) const = 0;

  virtual absl::Status KeepFigures(fivestrand::store::WriteTransaction& transaction, std::string_view survey,
                                   const std::vector<ScopeFigures>& scopes) const = 0;
  // The trust first, then schools by name. Empty for a survey that is not closed.
  virtual absl::StatusOr<std::vector<ScopeFigures>> ReadFigures(fivestrand::store::Session& session,
                                                                std::string_view survey) const = 0;
};

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSES_H_
