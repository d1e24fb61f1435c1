# Analysis: the columnar frame and what is asked of it. No gRPC, no SQL, no protos.
fivestrand_library(assessment_frame
  SRCS combined_window.cc crew.cc disclosure.cc disclosure_cache.cc figures.cc frame.cc frame_join.cc frame_names.cc frame_query.cc frame_scan.cc scan_plan.cc
  DEPS absl::flat_hash_map absl::span absl::synchronization Threads::Threads)
# Loops over millions of rows: worth what the compiler can do.
set_source_files_properties(frame_scan.cc PROPERTIES COMPILE_OPTIONS -O3)

fivestrand_library(assessment_measures SRCS outcome_measures.cc DEPS platform_evidence absl::span)

if(FIVESTRAND_TESTS OR FIVESTRAND_BENCH)
  fivestrand_library(assessment_frame_synthetic SRCS frame_synthetic.cc DEPS assessment_frame)
endif()
fivestrand_test(assessment_frame_test SRCS disclosure_test.cc frame_join_test.cc frame_test.cc DEPS assessment_frame_synthetic SQLite::SQLite3)
if(FIVESTRAND_BENCH)
  fivestrand_binary(assessment_frame_bench SRCS frame_bench.cc DEPS assessment_frame_synthetic benchmark::benchmark_main)
endif()
