fivestrand_library(assessment_frame_store
  SRCS frame_keeper.cc frame_loader.cc
  DEPS assessment_frame assessment_protos leadership_protos platform_crypto platform_names platform_resource platform_status platform_store
       absl::flat_hash_map absl::status absl::statusor absl::strings absl::synchronization absl::time)
