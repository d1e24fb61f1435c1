// Closed loops of load over loopback: so many calls in flight, a new one for each that ends.
#ifndef FIVESTRAND_TESTS_BENCH_LOAD_H_
#define FIVESTRAND_TESTS_BENCH_LOAD_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"

namespace fivestrand::bench {

struct LoadResult {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  std::int64_t failures = 0;
};

// Unary gRPC calls of one method. `request` gives the bytes of the n-th call. The first fifth of the time warms up and is not
// counted.
LoadResult GrpcLoad(const std::string& target, const std::string& path, const std::string& token,
                    std::function<std::string(std::int64_t n)> request, int in_flight, absl::Duration length);

// Requests of HTTP/1.1 with keep-alive on so many connections, by wrk. `body` empty: GET, otherwise POST with these bytes.
struct HttpRequest {
  std::string url;
  std::string content_type;
  std::string token;
  std::string body;
};
LoadResult HttpLoad(const HttpRequest& request, int connections, absl::Duration length);

}  // namespace fivestrand::bench

#endif  // FIVESTRAND_TESTS_BENCH_LOAD_H_
