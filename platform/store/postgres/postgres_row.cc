#include "platform/store/postgres/postgres_row.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <libpq-fe.h>
#include <limits>

namespace fivestrand::store {
namespace {

// Type numbers of the server's catalogue, which never change.
enum : Oid { kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23, kFloat4 = 700, kFloat8 = 701, kNumeric = 1700 };

template <typename T>
T BigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T) && i < bytes.size(); ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<T>(value);
}

// NUMERIC is read as a long double, whose 64 bits of precision hold every BIGINT.
long double Numeric(std::string_view bytes) {
  constexpr std::size_t kHeader = 8;
  if (bytes.size() < kHeader) return 0;
  const auto digits = BigEndian<std::int16_t>(bytes);
  int weight = BigEndian<std::int16_t>(bytes.substr(2));
  const auto sign = BigEndian<std::uint16_t>(bytes.substr(4));
  if (digits < 0 || bytes.size() < kHeader + 2 * static_cast<std::size_t>(digits)) return 0;
  if (sign == 0xC000) return std::numeric_limits<long double>::quiet_NaN();
  long double value = 0;
  for (int i = 0; i < digits; ++i, --weight) {
    const auto digit = BigEndian<std::int16_t>(bytes.substr(kHeader + 2 * static_cast<std::size_t>(i)));
    value += digit * std::pow(10000.0L, weight);
  }
  return sign == 0x4000 ? -value : value;
}

}  // namespace

double DecodeNumeric(std::string_view bytes) {
  return static_cast<double>(Numeric(bytes));
}

int PostgresRow::size() const {
  return PQnfields(result_);
}

bool PostgresRow::IsNull(int column) const {
  return PQgetisnull(result_, row_, column) != 0;
}

std::string_view PostgresRow::Text(int column) const {
  return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::int64_t PostgresRow::Int(int column) const {
  const std::string_view bytes = Text(column);
  if (bytes.empty()) return 0;
  switch (PQftype(result_, column)) {
    case kInt8:
      return BigEndian<std::int64_t>(bytes);
    case kInt4:
      return BigEndian<std::int32_t>(bytes);
    case kInt2:
      return BigEndian<std::int16_t>(bytes);
    case kBool:
      return bytes[0] != 0 ? 1 : 0;
    case kNumeric:
      return static_cast<std::int64_t>(Numeric(bytes));
    case kFloat8:
    case kFloat4:
      return static_cast<std::int64_t>(Double(column));
    default:
      return 0;
  }
}

double PostgresRow::Double(int column) const {
  const std::string_view bytes = Text(column);
  if (bytes.empty()) return 0;
  switch (PQftype(result_, column)) {
    case kFloat8:
      return std::bit_cast<double>(BigEndian<std::uint64_t>(bytes));
    case kFloat4:
      return std::bit_cast<float>(BigEndian<std::uint32_t>(bytes));
    case kNumeric:
      return DecodeNumeric(bytes);
    default:
      return static_cast<double>(Int(column));
  }
}

}  // namespace fivestrand::store
