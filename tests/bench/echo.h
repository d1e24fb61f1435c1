// The limit that reads are held against: a bare gRPC server that answers every call of one method with the same bytes.
#ifndef FIVESTRAND_TESTS_BENCH_ECHO_H_
#define FIVESTRAND_TESTS_BENCH_ECHO_H_

#include <memory>
#include <string>

namespace fivestrand::bench {

// The transport that served most calls on two cores: one completion queue, one thread, bytes in and bytes out, no checks at all.
class EchoServer {
 public:
  EchoServer(const std::string& path, std::string reply);
  ~EchoServer();
  int port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::bench

#endif  // FIVESTRAND_TESTS_BENCH_ECHO_H_
