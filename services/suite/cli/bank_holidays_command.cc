// `import bank-holidays`: the government's list becomes the trust's.
#include <algorithm>
#include <ostream>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"

#include "platform/calendar/bank_holidays.h"
#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/suite/cli/import_command.h"
#include "services/suite/cli/import_file.h"

namespace fivestrand::cli {
namespace {

using namespace leadership::v1;  // NOLINT: this file is about nothing else

constexpr std::size_t kBatch = 500;

// What the trust has, by id, which is the date.
absl::StatusOr<absl::flat_hash_map<std::string, BankHoliday>> ReadExisting(const Connection& connection, const std::string& trust) {
  absl::flat_hash_map<std::string, BankHoliday> existing;
  ListBankHolidaysRequest list;
  list.set_parent(trust);
  list.set_page_size(200);
  list.set_show_deleted(true);
  do {
    ListBankHolidaysResponse page;
    FIVESTRAND_RETURN_IF_ERROR(Call(connection, "CalendarService.ListBankHolidays", list, &page));
    for (BankHoliday& holiday : *page.mutable_bank_holidays())
      existing[std::string(names::IdOf(holiday.name()))] = std::move(holiday);
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty() && existing.size() < calendar::BankHolidays::kMaxEntries * 2);
  return existing;
}

struct Changes {
  std::vector<BankHoliday> missing;  // with their names
  std::vector<BankHoliday> renamed;  // as they are, with the new title
  int unchanged = 0;
  int deleted = 0;
};

Changes Compare(const calendar::BankHolidays& wanted, const absl::flat_hash_map<std::string, BankHoliday>& existing,
                const std::string& trust) {
  Changes changes;
  for (const calendar::BankHoliday& each : wanted.all()) {
    const std::string id = calendar::FormatDay(each.day);
    const auto found = existing.find(id);
    if (found == existing.end()) {
      BankHoliday& holiday = changes.missing.emplace_back();
      holiday.set_name(absl::StrCat(trust, "/bankHolidays/", id));
      *holiday.mutable_date() = calendar::ToProto(each.day);
      holiday.set_title(each.title);
    } else if (found->second.has_delete_time()) {
      ++changes.deleted;
    } else if (found->second.title() != each.title) {
      changes.renamed.push_back(found->second);
      changes.renamed.back().set_title(each.title);
    } else {
      ++changes.unchanged;
    }
  }
  return changes;
}

absl::Status Write(const Connection& connection, const std::string& trust, const Changes& changes, bool validate_only) {
  for (std::size_t at = 0; at < changes.missing.size(); at += kBatch) {
    BatchCreateBankHolidaysRequest request;
    request.set_parent(trust);
    request.set_request_id(NewRequestId());
    request.set_validate_only(validate_only);
    for (std::size_t i = at; i < std::min(changes.missing.size(), at + kBatch); ++i) {
      CreateBankHolidayRequest& create = *request.add_requests();
      create.set_bank_holiday_id(std::string(names::IdOf(changes.missing[i].name())));
      *create.mutable_bank_holiday() = changes.missing[i];
    }
    BatchCreateBankHolidaysResponse response;
    FIVESTRAND_RETURN_IF_ERROR(Call(connection, "CalendarService.BatchCreateBankHolidays", request, &response));
  }
  for (const BankHoliday& holiday : changes.renamed) {
    UpdateBankHolidayRequest request;
    *request.mutable_bank_holiday() = holiday;
    request.mutable_update_mask()->add_paths("title");
    request.set_request_id(NewRequestId());
    request.set_validate_only(validate_only);
    BankHoliday response;
    FIVESTRAND_RETURN_IF_ERROR(Call(connection, "CalendarService.UpdateBankHoliday", request, &response));
  }
  return absl::OkStatus();
}

absl::Status Import(const Connection& connection, const Console& console, const ImportOptions& options) {
  ProgressBar bar(console);
  bar.Show(absl::StrCat("reading ", options.path), 0);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string json, ReadFile(options.path, calendar::BankHolidays::kMaxJsonBytes));
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::BankHolidays wanted, calendar::BankHolidays::ParseGovernmentJson(json));
  FIVESTRAND_ASSIGN_OR_RETURN(const auto existing, ReadExisting(connection, options.trust));
  const Changes changes = Compare(wanted, existing, options.trust);
  bar.Show("checking", 0.3);
  FIVESTRAND_RETURN_IF_ERROR(Write(connection, options.trust, changes, /*validate_only=*/true));
  if (!options.dry_run) {
    bar.Show("importing", 0.6);
    FIVESTRAND_RETURN_IF_ERROR(Write(connection, options.trust, changes, /*validate_only=*/false));
  }
  bar.Clear();
  if (changes.deleted > 0) *console.out << changes.deleted << " left deleted\n";
  *console.out << "import bank-holidays: " << (options.dry_run ? "dry run, nothing written: would be " : "") << "created "
               << changes.missing.size() << ", updated " << changes.renamed.size() << ", unchanged " << changes.unchanged << "\n";
  return absl::OkStatus();
}

}  // namespace

int ImportBankHolidays(const Connection& connection, const Console& console, const ImportOptions& options) {
  const absl::Status status = Import(connection, console, options);
  if (status.ok()) return 0;
  PrintError(console, "import bank-holidays", status);
  return 1;
}

}  // namespace fivestrand::cli
