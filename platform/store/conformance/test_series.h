// The tables of the conformance suite.
#ifndef FIVESTRAND_PLATFORM_STORE_CONFORMANCE_TEST_SERIES_H_
#define FIVESTRAND_PLATFORM_STORE_CONFORMANCE_TEST_SERIES_H_

#include "platform/store/migration.h"

namespace fivestrand::store {

// The series of the made-up service "test", with one table `item`.
MigrationSeries TestSeries();

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CONFORMANCE_TEST_SERIES_H_
