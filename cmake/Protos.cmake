# fivestrand_proto_library(name ROOT dir FILES a/b.proto ... DEPS other_proto_library ...)
#
# Generates C++ for the messages and descriptors (no service stubs: platform/rpc serves and calls methods from descriptors) into
# one tree that mirrors the import path, and links them so that every descriptor is registered, used by name or not.

set(FIVESTRAND_GEN_DIR ${CMAKE_BINARY_DIR}/gen)
set(FIVESTRAND_GOOGLE_PROTOS ${CMAKE_BINARY_DIR}/google-protos)
file(MAKE_DIRECTORY ${FIVESTRAND_GEN_DIR})

# google/api, google/rpc and google/type come from a pinned npm package. Its folder also holds google/protobuf, which must not
# shadow protoc's own, so the few files that are needed are copied to a clean root.
set(google_gax_protos ${CMAKE_SOURCE_DIR}/node_modules/google-gax/build/protos)
if(NOT EXISTS ${google_gax_protos}/google/api/annotations.proto)
  message(FATAL_ERROR "google-gax is missing: run ./dev setup (or npm ci) first")
endif()
set(FIVESTRAND_GOOGLE_PROTO_FILES
  google/api/annotations.proto google/api/client.proto google/api/field_behavior.proto google/api/field_info.proto
  google/api/http.proto google/api/launch_stage.proto google/api/resource.proto
  google/rpc/code.proto google/rpc/error_details.proto google/rpc/status.proto
  google/type/date.proto)
foreach(file ${FIVESTRAND_GOOGLE_PROTO_FILES})
  configure_file(${google_gax_protos}/${file} ${FIVESTRAND_GOOGLE_PROTOS}/${file} COPYONLY)
endforeach()

function(fivestrand_proto_library name)
  cmake_parse_arguments(arg "" "ROOT" "FILES;DEPS" ${ARGN})
  set(outputs)
  foreach(file ${arg_FILES})
    string(REGEX REPLACE "\\.proto$" "" stem ${file})
    set(out ${FIVESTRAND_GEN_DIR}/${stem}.pb.cc ${FIVESTRAND_GEN_DIR}/${stem}.pb.h)
    add_custom_command(
      OUTPUT ${out}
      COMMAND protobuf::protoc -I${CMAKE_SOURCE_DIR}/protos -I${FIVESTRAND_GOOGLE_PROTOS} -I${arg_ROOT}
              --cpp_out=${FIVESTRAND_GEN_DIR} ${arg_ROOT}/${file}
      DEPENDS ${arg_ROOT}/${file}
      COMMENT "protoc ${file}"
      VERBATIM)
    list(APPEND outputs ${out})
  endforeach()
  add_library(${name} STATIC ${outputs})
  target_include_directories(${name} SYSTEM PUBLIC ${FIVESTRAND_GEN_DIR})
  target_link_libraries(${name} PUBLIC ${arg_DEPS} protobuf::libprotobuf Threads::Threads)
  # Order-only: a generated header of a dependency must exist before this library compiles.
  if(arg_DEPS)
    add_dependencies(${name} ${arg_DEPS})
  endif()
  target_link_options(${name} INTERFACE "LINKER:--whole-archive,$<TARGET_FILE:${name}>,--no-whole-archive")
endfunction()
