// Analysis of 12.96 million results over gRPC, beside an embedded columnar database that answers the same questions.
#ifndef FIVESTRAND_TESTS_BENCH_ANALYSIS_H_
#define FIVESTRAND_TESTS_BENCH_ANALYSIS_H_

namespace fivestrand::bench {

// Prints a line for each figure. DuckDB is asked when BENCH_PACKAGES names the folder of its npm package (./dev bench sets it).
void Analysis();

}  // namespace fivestrand::bench

#endif  // FIVESTRAND_TESTS_BENCH_ANALYSIS_H_
