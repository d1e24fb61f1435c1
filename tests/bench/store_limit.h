// The limit that durable creates are held against: the store alone, committing the same rows.
#ifndef FIVESTRAND_TESTS_BENCH_STORE_LIMIT_H_
#define FIVESTRAND_TESTS_BENCH_STORE_LIMIT_H_

#include "absl/time/time.h"
#include "fivestrand/leadership/v1/visibility.pb.h"

#include "tests/bench/load.h"

namespace fivestrand::bench {

// So many writes in flight, each of the four rows of a create: record, audit, idempotency, event.
LoadResult StoreLimit(const leadership::v1::DropIn& drop_in, int in_flight, absl::Duration length);

}  // namespace fivestrand::bench

#endif  // FIVESTRAND_TESTS_BENCH_STORE_LIMIT_H_
