// What a service adds to a kind of record: its defaults and the rules of its domain.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_STRATEGY_H_
#define FIVESTRAND_PLATFORM_RESOURCE_STRATEGY_H_

#include "absl/status/status.h"

namespace google::protobuf {
class Message;
}

namespace fivestrand::resource {

class WriteContext;

// Called inside the write transaction, on the store's writer thread, so it must not wait for anything but the transaction; may be
// called again for the same write. Stateless or immutable.
class Strategy {
 public:
  virtual ~Strategy() = default;

  // Completes and judges the record that is about to be written: `before` is null for a new one. What it changes in `after` is
  // stored. Limits of the contract and references are checked by the registry, the latter after this.
  virtual absl::Status OnWrite(WriteContext& context, const google::protobuf::Message* before, google::protobuf::Message* after) {
    return absl::OkStatus();
  }

  // Judges a deletion. The registry refuses the deletion of a record that a live one names.
  virtual absl::Status OnDelete(WriteContext& context, const google::protobuf::Message& before) { return absl::OkStatus(); }
};

// A strategy in the record's own type.
template <typename Record>
class StrategyFor : public Strategy {
 public:
  virtual absl::Status Write(WriteContext& context, const Record* before, Record* after) { return absl::OkStatus(); }
  virtual absl::Status Delete(WriteContext& context, const Record& before) { return absl::OkStatus(); }

  absl::Status OnWrite(WriteContext& context, const google::protobuf::Message* before, google::protobuf::Message* after) final {
    return Write(context, static_cast<const Record*>(before), static_cast<Record*>(after));
  }
  absl::Status OnDelete(WriteContext& context, const google::protobuf::Message& before) final {
    return Delete(context, static_cast<const Record&>(before));
  }
};

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_STRATEGY_H_
