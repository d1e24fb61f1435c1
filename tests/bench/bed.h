// A suite or a single service that runs as a child process, and tokens for it.
#ifndef FIVESTRAND_TESTS_BENCH_BED_H_
#define FIVESTRAND_TESTS_BENCH_BED_H_

#include <map>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/token.h"
#include "platform/rpc/client.h"
#include "tests/bench/process.h"

namespace fivestrand::bench {

[[noreturn]] void Die(const std::string& what);

class Bed {
 public:
  enum class Kind { kService, kSuite };

  // The programs are beside `self`. Ready when it returns.
  Bed(const std::string& self, Kind kind);
  ~Bed();

  // A person of the trust that the subject names, or a process.
  std::string Token(const std::string& subject, type::v1::Role role) const;

  // A trust with one school, class and drop-in.
  void Fill();
  std::string HeadToken() const { return Token("trusts/bench/people/head", type::v1::ROLE_EXECUTIVE_HEADTEACHER); }
  // About 900 bytes with its names and times, as a real one with two sentences has.
  static leadership::v1::CreateDropInRequest Create();
  const leadership::v1::DropIn& drop_in() const { return drop_in_; }

  // The demonstration trust with so many schools, when the figures of all its records are there; how long the records took.
  absl::Duration LoadDemonstration(int schools);

  std::string target() const;
  std::string http() const;
  absl::Duration ready_after() const { return ready_after_; }
  const Process& process() const { return *process_; }
  const std::string& folder() const { return folder_; }

 private:
  template <typename Response>
  Response Call(const std::string& method, const google::protobuf::Message& request, const std::string& token);

  const std::string program_;
  std::string folder_;
  // What listens where: leadership, assessment, cpd, welfare, admin, http.
  std::map<std::string, int> ports_;
  std::unique_ptr<identity::TokenSigner> signer_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<rpc::Client> client_;
  absl::Duration ready_after_;
  leadership::v1::DropIn drop_in_;
};

}  // namespace fivestrand::bench

#endif  // FIVESTRAND_TESTS_BENCH_BED_H_
