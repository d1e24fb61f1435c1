if(FIVESTRAND_TESTS)
  fivestrand_library(assessment_analysis_trust
    SRCS analysis_trust.cc
    DEPS assessment_analysis_api assessment_domain assessment_evidence assessment_migrations assessment_store organisation_testing
         platform_testing_service)
endif()
fivestrand_test(assessment_analysis_test
  SRCS analysis_test.cc
  DEPS assessment_analysis_trust
  LABELS postgres
  TIMEOUT 300)
