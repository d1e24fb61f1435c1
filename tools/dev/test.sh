# shellcheck shell=bash
# ./dev test: every suite, each with its own line, and one total at the end. A suite that could not run counts as one failure.

SUITES=(checks cpp portal deploy e2e)
TOTAL_PASSED=0 TOTAL_FAILED=0
AGAIN=()

# report SUITE PASSED FAILED START
report() {
  ((TOTAL_PASSED += $2, TOTAL_FAILED += $3)) || true
  printf '%s %-8s %5d passed %4d failed  %7s s\n' "$( (($3)) && echo FAILED || echo 'ok    ')" "$1" "$2" "$3" "$(seconds_since "$4")"
}

# report_xml SUITE START MODE ARGS...: counts with tools/dev/tally.py, which prints "passed failed" and then a line a failed test.
report_xml() {
  local suite=$1 start=$2 out counts name
  shift 2
  out=$("$PYTHON" tools/dev/tally.py "$@") || out="0 1"
  read -r -a counts <<<"${out%%$'\n'*}"
  while IFS= read -r name; do
    [[ -n $name ]] && printf '  failed: %s\n' "$name"
  done <<<"$(tail -n +2 <<<"$out")"
  report "$suite" "${counts[0]}" "${counts[1]}" "$start"
}

suite_checks() {
  local start=$EPOCHREALTIME
  run_checks "$PATTERN"
  ((CHECKS_PASSED + CHECKS_FAILED)) || return 0
  ((CHECKS_FAILED)) && AGAIN+=("./dev verify")
  report checks "$CHECKS_PASSED" "$CHECKS_FAILED" "$start"
}

suite_cpp() {
  local start=$EPOCHREALTIME dir=build/$PRESET tests=() targets=() filter xml=$LOGS/gtest-$PRESET
  configure_with_tests "$PRESET" || { report cpp 0 1 "$start"; return; }
  mapfile -t tests < <(ctest --test-dir "$dir" -N -R "${PATTERN:-.}" | sed -n 's/^ *Test *#[0-9]*: //p')
  [[ $PRESET == tsan ]] && mapfile -t tests < <(for_tsan "${tests[@]}")
  ((${#tests[@]})) || { [[ -n $PATTERN ]] || report cpp 0 1 "$start"; return 0; }
  filter="^($(IFS='|' && echo "${tests[*]}"))\$"
  [[ -n $PATTERN || $PRESET == tsan ]] && targets=("${tests[@]}")
  if ! build "$PRESET" "${targets[@]}"; then
    AGAIN+=("./dev build $PRESET")
    report cpp 0 1 "$start"
    return
  fi
  start_postgres || { cat "$LOGS/postgres.log"; echo "PostgreSQL did not start"; report cpp 0 1 "$start"; return; }
  rm -rf "$xml" "$xml.junit"
  mkdir -p "$xml"
  GTEST_OUTPUT="xml:$xml/" GTEST_COLOR=no ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
    ctest --test-dir "$dir" -R "$filter" -j2 --output-on-failure --no-tests=error --output-junit "$xml.junit" \
    >"$LOGS/ctest-$PRESET.log" 2>&1 || show_failures "$LOGS/ctest-$PRESET.log"
  stop_postgres
  local before=$TOTAL_FAILED
  report_xml cpp "$start" ctest "$xml.junit" "$xml"
  ((TOTAL_FAILED > before)) && AGAIN+=("./dev test$([[ $PRESET == release ]] || echo " --$PRESET") cpp $(printf '%q' "$PATTERN")")
  return 0
}

# What the thread sanitizer can follow. It does not see into Debian's gRPC and reports falsely where that is linked; and under it
# messages with maps, such as those of the transcoder's tests, have another layout than in Debian's protobuf.
for_tsan() {
  local name
  for name in "$@"; do
    ninja -C build/tsan -t commands "$name" | tail -n 1 | grep -qE 'libgrpc|gateway_test_protos' || echo "$name"
  done
}

show_failures() { grep -E '^(\[  FAILED  \]|.*: Failure|.*(ERROR|runtime error|WARNING: ThreadSanitizer):|.*\*\*\*)|Error ' "$1" | head -n 60; echo "  whole log: ${1#"$ROOT"/}"; }

suite_portal() {
  local start=$EPOCHREALTIME files
  mapfile -t files < <(cd gateway/portal && find src -name '*.test.ts' -o -name '*.test.tsx' | grep -E -- "${PATTERN:-.}" | sort)
  ((${#files[@]})) || { [[ -n $PATTERN ]] || report portal 0 1 "$start"; return 0; }
  rm -f "$LOGS/portal.junit"
  npm run --silent test --workspace gateway/portal -- "${files[@]}" --reporter=default --reporter=junit \
    --outputFile.junit="$LOGS/portal.junit" </dev/null >"$LOGS/portal.log" 2>&1 || tail -n 60 "$LOGS/portal.log"
  local before=$TOTAL_FAILED
  report_xml portal "$start" junit "$LOGS/portal.junit"
  ((TOTAL_FAILED > before)) && AGAIN+=("./dev test portal")
  return 0
}

# node_suite NAME FOLDER: the node test runner over FOLDER/**/*.test.mjs.
node_suite() {
  local start=$EPOCHREALTIME name=$1 files
  mapfile -t files < <(find "$2" -name '*.test.mjs' -not -path '*/node_modules/*' | grep -E -- "${PATTERN:-.}" | sort)
  ((${#files[@]})) || { [[ -n $PATTERN ]] || report "$name" 0 1 "$start"; return 0; }
  "prepare_$name" || { AGAIN+=("./dev build"); report "$name" 0 1 "$start"; return 0; }
  rm -f "$LOGS/$name.junit"
  node --test --test-concurrency=1 --test-timeout=900000 --test-reporter=spec --test-reporter-destination="$LOGS/$name.log" \
    --test-reporter=junit --test-reporter-destination="$LOGS/$name.junit" "${files[@]}" </dev/null >"$LOGS/$name.out" 2>&1 ||
    { sed -n '/failing tests/,$p' "$LOGS/$name.log" | head -n 80; tail -n 20 "$LOGS/$name.out"; }
  local before=$TOTAL_FAILED
  report_xml "$name" "$start" junit "$LOGS/$name.junit"
  ((TOTAL_FAILED > before)) && AGAIN+=("./dev test $name")
  return 0
}
prepare_deploy() { use_kubectl && export KUBECTL; }
suite_deploy() { node_suite deploy tests/deploy; }
prepare_e2e() {
  # The services are tested apart as well as in the suite.
  build_suite && build release fivestrand-{gateway,leadership,assessment,cpd,welfare} && build_portal || return 1
  export FIVESTRAND_BIN=$ROOT/build/release/bin/fivestrand FIVESTRAND_PORTAL=$ROOT/gateway/portal/dist
}
suite_e2e() { node_suite e2e tests/e2e; }

test_all() {
  local wanted=("${SUITES[@]}") suite start=$EPOCHREALTIME
  PRESET=release PATTERN=
  while [[ ${1:-} == --* ]]; do
    case $1 in
      --asan | --tsan) PRESET=${1#--} wanted=(cpp) ;;
      *) die 2 "test knows --asan and --tsan, not $1" ;;
    esac
    shift
  done
  if [[ " ${SUITES[*]} " == *" ${1:-none} "* ]]; then
    wanted=("$1")
    shift
  fi
  PATTERN=${1:-}
  LOGS=$CACHE/logs
  mkdir -p "$LOGS"
  trap stop_postgres EXIT
  trap 'exit 130' INT TERM
  install_for test
  # Everything at once is the shortest build; each suite reports for itself when its part failed.
  if [[ -z $PATTERN && ${#wanted[@]} -gt 1 ]]; then
    build_portal || true
    { configure_with_tests release && build release; } || true
  fi
  for suite in "${wanted[@]}"; do "suite_$suite"; done
  ((TOTAL_PASSED + TOTAL_FAILED)) || { echo "nothing matches ${PATTERN}"; TOTAL_FAILED=1; }
  printf '%s in %s s\n' "${wanted[*]}" "$(seconds_since "$start")"
  ((${#AGAIN[@]})) && printf 'again: %s\n' "${AGAIN[@]}"
  echo "$TOTAL_PASSED passed, $TOTAL_FAILED failed"
  ((TOTAL_FAILED == 0))
}
