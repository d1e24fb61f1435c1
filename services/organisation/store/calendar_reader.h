// Reads the calendars of schools out of their academic years and the trust's bank holidays, and keeps them.
#ifndef FIVESTRAND_SERVICES_ORGANISATION_STORE_CALENDAR_READER_H_
#define FIVESTRAND_SERVICES_ORGANISATION_STORE_CALENDAR_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

#include "platform/calendar/bank_holidays.h"
#include "platform/calendar/school_calendar.h"
#include "platform/store/session.h"

namespace fivestrand::organisation {

// Thread-safe. Every answer is what the session sees: a kept calendar is used only when the rows that it was made of are the same,
// which one small query tells. At most `capacity` calendars are kept, those used last.
class CalendarReader {
 public:
  using Calendar = std::shared_ptr<const calendar::SchoolCalendar>;

  static constexpr std::size_t kDefaultCapacity = 512;

  explicit CalendarReader(std::size_t capacity = kDefaultCapacity) : capacity_(capacity) {}

  // The calendar of a school, given by resource name; one that plans nothing when no year is kept. Not whether there is such a
  // school.
  absl::StatusOr<Calendar> Read(store::Session& session, std::string_view school);

  // Of all schools of a trust, given by id: by the school's path (schools/s), only those that keep years.
  absl::StatusOr<absl::flat_hash_map<std::string, Calendar>> ReadAll(store::Session& session, std::string_view trust);

  // Calendars that were built, rather than found kept.
  std::int64_t built() const;

 private:
  // Differs between any two states of the rows of one table: a write raises the revision, a new row the count as well.
  struct TableStamp {
    std::int64_t rows = 0;
    std::int64_t revisions = 0;
    std::int64_t newest = 0;
    bool operator==(const TableStamp&) const = default;
  };
  struct Stamp {
    TableStamp years;
    TableStamp bank_holidays;
    bool operator==(const Stamp&) const = default;
  };
  struct Kept {
    Stamp stamp;
    Calendar calendar;
    std::int64_t used = 0;
  };
  using BankHolidays = std::optional<calendar::BankHolidays>;

  // `bank_holidays` is filled when first needed, so that many schools share one read.
  absl::StatusOr<Calendar> Take(store::Session& session, std::string_view trust, std::string_view path, const Stamp& stamp,
                                BankHolidays& bank_holidays);
  Calendar Find(const std::string& key, const Stamp& stamp);
  void Keep(const std::string& key, const Stamp& stamp, const Calendar& calendar);

  const std::size_t capacity_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);
  std::int64_t clock_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t built_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fivestrand::organisation

#endif  // FIVESTRAND_SERVICES_ORGANISATION_STORE_CALENDAR_READER_H_
