fivestrand_library(assessment_frame_store
  SRCS frame_changes.cc frame_keeper.cc frame_loader.cc frame_names_reader.cc row_texts.cc trust_keeper.cc
  DEPS assessment_frame assessment_protos assessment_store assessment_texts leadership_protos platform_crypto platform_evidence platform_names platform_resource platform_status platform_store
       absl::flat_hash_map absl::status absl::statusor absl::strings absl::synchronization absl::time)

fivestrand_library(assessment_evidence
  SRCS entry_counts.cc outcome_evidence.cc outcome_readings.cc
  DEPS assessment_frame_store assessment_measures assessment_protos leadership_protos platform_calendar platform_evidence platform_names
       platform_status platform_store absl::flat_hash_map absl::status absl::strings absl::synchronization absl::time)
