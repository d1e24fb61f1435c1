if(FIVESTRAND_TESTS)
  fivestrand_library(assessment_analysis_trust
    SRCS test_analysis_trust.cc
    DEPS assessment_spec organisation_testing platform_testing_service)
endif()
fivestrand_test(assessment_analysis_test
  SRCS analysis_test.cc outcome_evidence_test.cc
  DEPS assessment_analysis_trust
  LABELS postgres
  TIMEOUT 300)
