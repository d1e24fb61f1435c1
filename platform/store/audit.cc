#include "platform/store/audit.h"

#include <algorithm>
#include <cstdint>

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/sha256.h"

namespace fivestrand::store {
namespace {

constexpr std::int64_t kPage = 1000;

void AppendBigEndian(std::uint64_t value, std::string* out) {
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

void AppendField(std::string_view field, std::string* out) {
  AppendBigEndian(field.size(), out);
  out->append(field);
}

struct Head {
  std::int64_t sequence = 0;
  std::string hash;
};

absl::StatusOr<Head> ReadHead(Session& session) {
  Head head;
  FIVESTRAND_ASSIGN_OR_RETURN(
      const bool found, session.QueryOne("SELECT audit_sequence, audit_hash FROM store_head WHERE id = 1", {}, [&](const Row& row) {
        head.sequence = row.Int(0);
        head.hash = std::string(row.Blob(1));
        return absl::OkStatus();
      }));
  return found ? absl::StatusOr<Head>(std::move(head)) : status::DataLoss("store_head: no row");
}

}  // namespace

AuditHash ChainHash(const AuditHash& previous, std::int64_t sequence, std::int64_t event_time_micros, const AuditRow& row) {
  std::string bytes(previous.data(), previous.size());
  AppendBigEndian(static_cast<std::uint64_t>(sequence), &bytes);
  AppendBigEndian(static_cast<std::uint64_t>(event_time_micros), &bytes);
  for (std::string_view field : {row.actor, row.action, row.resource, row.trust, row.before_digest, row.after_digest}) {
    AppendField(field, &bytes);
  }
  const std::string digest = Sha256(bytes);
  AuditHash hash;
  std::copy(digest.begin(), digest.end(), hash.begin());
  return hash;
}

absl::StatusOr<AuditReport> VerifyAudit(Session& session) {
  FIVESTRAND_ASSIGN_OR_RETURN(const Head head, ReadHead(session));
  AuditReport report;
  AuditHash hash{};
  auto broken = [&](std::string_view reason) {
    report.first_broken = report.rows + 1;
    report.reason = std::string(reason);
  };
  auto check = [&](const Row& row) {
    if (report.first_broken.has_value()) return absl::OkStatus();
    const std::int64_t sequence = report.rows + 1;
    if (row.Int(0) != sequence) {
      broken("the row is missing");
      return absl::OkStatus();
    }
    const AuditRow fields{row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Blob(6), row.Blob(7)};
    hash = ChainHash(hash, sequence, row.Int(1), fields);
    if (row.Blob(8) != std::string_view(hash.data(), hash.size())) {
      broken("the row does not match its hash");
      return absl::OkStatus();
    }
    report.rows = sequence;
    return absl::OkStatus();
  };
  for (std::int64_t seen = -1; report.rows != seen && !report.first_broken.has_value();) {
    seen = report.rows;
    // From below the first, so that a row with an impossible sequence is seen as well.
    FIVESTRAND_RETURN_IF_ERROR(
        session.Query("SELECT sequence, event_time, actor, action, resource, trust, before_digest, after_digest, hash FROM audit "
                      "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                      {seen == 0 ? INT64_MIN : seen, kPage}, check));
  }
  if (!report.first_broken.has_value()) {
    if (report.rows < head.sequence) {
      broken("the row is missing");
    } else if (report.rows > head.sequence) {
      report.rows = head.sequence;
      broken("the row was added behind the end");
    } else if (report.rows > 0 && head.hash != std::string_view(hash.data(), hash.size())) {
      --report.rows;
      broken("the end of the chain was replaced");
    }
  }
  return report;
}

}  // namespace fivestrand::store
