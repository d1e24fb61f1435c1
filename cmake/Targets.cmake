# Libraries, programs and tests are declared with three functions, so that flags and include roots are the same everywhere.
#
#   fivestrand_library(platform_status SRCS status.cc DEPS absl::status)
#   fivestrand_binary(fivestrand SRCS main.cc DEPS leadership_app)
#   fivestrand_test(status_test SRCS status_test.cc DEPS platform_status)
#
# Everything is included from the repository root: #include "platform/status/status.h".

add_library(fivestrand_flags INTERFACE)
target_include_directories(fivestrand_flags INTERFACE ${CMAKE_SOURCE_DIR})
# What sanitizers add makes the compiler see uninitialised values where there are none.
set(strictness -Werror)
if(FIVESTRAND_SANITIZE)
  set(strictness -Wno-maybe-uninitialized)
  add_compile_options(-fsanitize=${FIVESTRAND_SANITIZE} -fno-sanitize-recover=all)
  if(FIVESTRAND_SANITIZE MATCHES "address.*undefined")
    # What AddressSanitizer finds anyway, and a third of the time to compile.
    add_compile_options(-fno-sanitize=alignment,null,object-size,vptr)
  endif()
  add_link_options(-fsanitize=${FIVESTRAND_SANITIZE})
  if(FIVESTRAND_SANITIZE STREQUAL "thread")
    # Fences of the standard library alone, which TSan does not follow.
    add_compile_options(-Wno-tsan)
  endif()
endif()
target_compile_options(fivestrand_flags INTERFACE -Wall -Wextra ${strictness} -Wno-unused-parameter -Wno-missing-field-initializers -fno-omit-frame-pointer)
if(FIVESTRAND_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

function(fivestrand_library name)
  cmake_parse_arguments(arg "" "" "SRCS;DEPS" ${ARGN})
  if(arg_SRCS)
    add_library(${name} STATIC ${arg_SRCS})
    target_link_libraries(${name} PUBLIC fivestrand_flags ${arg_DEPS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE fivestrand_flags ${arg_DEPS})
  endif()
  add_library(fivestrand::${name} ALIAS ${name})
endfunction()

function(fivestrand_binary name)
  cmake_parse_arguments(arg "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE fivestrand_flags ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# A gtest program; LABELS name what it needs: "postgres" tests get a server from ./dev test in FIVESTRAND_TEST_POSTGRES.
function(fivestrand_test name)
  if(NOT FIVESTRAND_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE fivestrand_flags ${arg_DEPS} GTest::gmock_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()
