// SQL in the one dialect that SQLite and PostgreSQL share: parameters are $1, $2, ...; columns are TEXT, BIGINT, BYTEA and
// DOUBLE PRECISION; times are BIGINT microseconds since 1970 UTC (ToMicros, FromMicros); text compares bytewise.
#ifndef FIVESTRAND_PLATFORM_STORE_SESSION_H_
#define FIVESTRAND_PLATFORM_STORE_SESSION_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace fivestrand::store {

inline std::int64_t ToMicros(absl::Time time) {
  return absl::ToUnixMicros(time);
}
inline absl::Time FromMicros(std::int64_t micros) {
  return absl::FromUnixMicros(micros);
}

// A value for a parameter. Text and blobs are views: they must live until the call that takes the Param returns.
class Param {
 public:
  enum class Kind : std::uint8_t { kNull, kInt, kDouble, kText, kBlob };

  Param(std::nullptr_t) : kind_(Kind::kNull), int_(0) {}  // NOLINT: implicit, so that {name, 5} reads as a list of values
  template <std::integral T>
  Param(T value) : kind_(Kind::kInt), int_(static_cast<std::int64_t>(value)) {}  // NOLINT
  template <std::floating_point T>
  Param(T value) : kind_(Kind::kDouble), double_(value) {}                // NOLINT
  Param(std::string_view value) : kind_(Kind::kText), bytes_(value) {}    // NOLINT
  Param(const std::string& value) : kind_(Kind::kText), bytes_(value) {}  // NOLINT
  Param(const char* value) : kind_(Kind::kText), bytes_(value) {}         // NOLINT
  Param(absl::Time value) : kind_(Kind::kInt), int_(ToMicros(value)) {}   // NOLINT

  static Param Blob(std::string_view value) {
    Param param(value);
    param.kind_ = Kind::kBlob;
    return param;
  }

  Kind kind() const { return kind_; }
  // Each is valid for its own kind only; bytes() serves text and blob.
  std::int64_t int_value() const { return int_; }
  double double_value() const { return double_; }
  std::string_view bytes() const { return bytes_; }

 private:
  Kind kind_;
  union {
    std::int64_t int_;
    double double_;
    std::string_view bytes_;
  };
};

using Params = absl::Span<const Param>;

// One row of a result. Columns are numbered from 0. Views are valid until the callback that was given the row returns.
class Row {
 public:
  virtual ~Row() = default;
  virtual int size() const = 0;
  virtual bool IsNull(int column) const = 0;
  // NULL reads as 0, 0.0 or empty. A boolean reads as 0 or 1. Int of a text, and Text of a number, are programming errors that
  // give an unspecified value of the right type.
  virtual std::int64_t Int(int column) const = 0;
  virtual double Double(int column) const = 0;
  virtual std::string_view Text(int column) const = 0;
  virtual std::string_view Blob(int column) const = 0;
  absl::Time Time(int column) const { return FromMicros(Int(column)); }
};

// Runs statements. Used by one thread at a time, only inside the body that received it.
//
// Statements are prepared once for each connection and kept by their text, so texts should come from a bounded set: values belong
// in parameters. Errors: ALREADY_EXISTS for a unique key that is taken, FAILED_PRECONDITION for a foreign key, DEADLINE_EXCEEDED,
// UNAVAILABLE (database away, busy or full), ABORTED (lost against another transaction), DATA_LOSS (file damaged),
// INVALID_ARGUMENT for text that holds a NUL byte, INTERNAL for everything else. Engine texts are only in the hidden cause.
class Session {
 public:
  virtual ~Session() = default;

  // Calls `each` for every row in order. A status other than OK from `each` ends the query and is returned. `each` may run other
  // statements on the same session. On PostgreSQL the result is held in memory: read long tables in pages by key.
  virtual absl::Status Query(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) = 0;

  // Runs a statement that gives no rows; returns how many rows it inserted, updated or deleted.
  virtual absl::StatusOr<std::int64_t> Execute(std::string_view sql, Params params) = 0;

  // As Query for a statement that gives at most one row; whether there was one. A second row is INTERNAL.
  absl::StatusOr<bool> QueryOne(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each);
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_SESSION_H_
