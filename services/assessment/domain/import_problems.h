// What is wrong with a file, by line.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_PROBLEMS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_PROBLEMS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fivestrand/assessment/v1/import_service.pb.h"

namespace fivestrand::assessment::domain {

// Values of cells go to whoever sent the file, and nowhere else.
class ImportProblems {
 public:
  static constexpr int kMaxReported = 1000;
  static constexpr std::size_t kMaxValueBytes = 80;

  void Add(int line, std::string_view column, std::string_view value, std::string_view reason);
  // Problems that were counted and not kept.
  void AddCount(int count) { count_ += count; }
  int count() const { return count_; }
  bool empty() const { return count_ == 0; }
  // In the order of the lines.
  void MoveTo(v1::ImportAssessmentResponse* response);

 private:
  std::vector<v1::ImportProblem> problems_;
  int count_ = 0;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_PROBLEMS_H_
