#include "services/assessment/domain/import_problems.h"

#include <algorithm>
#include <utility>

namespace fivestrand::assessment::domain {
namespace {

// Cut between characters.
std::string Shorten(std::string_view value) {
  if (value.size() <= ImportProblems::kMaxValueBytes) return std::string(value);
  std::size_t end = ImportProblems::kMaxValueBytes;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return std::string(value.substr(0, end));
}

}  // namespace

void ImportProblems::Add(int line, std::string_view column, std::string_view value, std::string_view reason) {
  if (++count_ > kMaxReported) return;
  v1::ImportProblem& problem = problems_.emplace_back();
  problem.set_line(line);
  problem.set_column(std::string(column));
  problem.set_value(Shorten(value));
  problem.set_reason(std::string(reason));
}

void ImportProblems::MoveTo(v1::ImportAssessmentResponse* response) {
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const v1::ImportProblem& a, const v1::ImportProblem& b) { return a.line() < b.line(); });
  response->set_problem_count(count_);
  for (v1::ImportProblem& problem : problems_) *response->add_problems() = std::move(problem);
  problems_.clear();
}

}  // namespace fivestrand::assessment::domain
