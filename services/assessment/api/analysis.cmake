fivestrand_library(assessment_analysis_api
  SRCS analysed_pupils.cc analysis_answer.cc analysis_api.cc analysis_question.cc analysis_sight.cc
  DEPS assessment_analysis_protos assessment_frame platform_calendar platform_evidence platform_identity platform_names platform_resource
       platform_rpc platform_status absl::strings)
