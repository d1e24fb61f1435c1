// Pulse surveys in the store: the key and the blocks of an open one, the figures of a closed one.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_PULSE_STORE_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_PULSE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "platform/crypto/field_cipher.h"
#include "platform/store/store.h"
#include "services/welfare/domain/pulse_box.h"
#include "services/welfare/domain/pulses.h"

namespace fivestrand::welfare::store {

class PulseStore : public domain::Pulses {
 public:
  // `cipher` outlives it.
  explicit PulseStore(crypto::FieldCipher& cipher) : cipher_(cipher) {}

  absl::Status Answer(fivestrand::store::WriteTransaction& transaction, std::string_view survey, std::string_view person,
                      const domain::Ballot& ballot, absl::FunctionRef<absl::StatusOr<domain::Invitation>()> invite) const override;
  absl::StatusOr<bool> HasAnswered(fivestrand::store::Session& session, std::string_view survey,
                                   std::string_view person) const override;
  absl::StatusOr<std::size_t> CountAnswered(fivestrand::store::Session& session, std::string_view survey) const override;
  absl::StatusOr<std::vector<domain::Ballot>> ReadAnswers(fivestrand::store::Session& session,
                                                          std::string_view survey) const override;
  absl::Status Destroy(fivestrand::store::WriteTransaction& transaction, std::string_view survey) const override;
  absl::Status KeepFigures(fivestrand::store::WriteTransaction& transaction, std::string_view survey,
                           const std::vector<domain::ScopeFigures>& scopes) const override;
  absl::StatusOr<std::vector<domain::ScopeFigures>> ReadFigures(fivestrand::store::Session& session,
                                                                std::string_view survey) const override;

 private:
  struct Box {
    domain::BoxKey key;
    // In the order in which answers name them.
    std::vector<std::string> schools;
  };
  absl::StatusOr<std::optional<Box>> ReadBox(fivestrand::store::Session& session, std::string_view survey) const;
  absl::StatusOr<Box> MakeBox(fivestrand::store::WriteTransaction& transaction, std::string_view survey,
                              domain::Invitation invitation) const;

  crypto::FieldCipher& cipher_;
};

}  // namespace fivestrand::welfare::store

#endif  // FIVESTRAND_SERVICES_WELFARE_STORE_PULSE_STORE_H_
