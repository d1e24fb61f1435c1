// Rows whose only column is a stored record; see services/organisation/store/records.h.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_RECORDS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_RECORDS_H_

#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {

using organisation::ParseRecord;
using organisation::ReadRecords;

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_RECORDS_H_
