# shellcheck shell=bash
# The checks of ./dev verify. Each is a function check_NAME that prints what is wrong and fails; where a machine can mend it there is
# a fix_NAME.

CHECKS=(format protos breaking layers size words links shell lock alerts tools generated)

check_format() {
  local bad
  bad=$(cpp_files | xargs -r clang-format-14 --dry-run --Werror 2>&1 | sed -n 's/: error: .*//p' | cut -d: -f1 | sort -u)
  [[ -z $bad ]] || { printf 'not formatted (./dev fix mends it): %s\n' "$bad"; return 1; }
}
fix_format() { cpp_files | xargs -r clang-format-14 -i; }
format_files() {
  if (($#)); then clang-format-14 -i "$@"; else changed_cpp_files | xargs -r clang-format-14 -i; fi
}

tidy_files() {
  install_for test tidy
  configure_with_tests release
  local files=("$@")
  ((${#files[@]})) || mapfile -t files < <(changed_cpp_files | grep '\.cc$' || true)
  ((${#files[@]})) || { say "no C++ file differs from main"; return; }
  printf '%s\n' "${files[@]}" | xargs -P "$(build_jobs)" -n 1 clang-tidy-14 -p build/release --quiet
}

check_protos() { buf lint protos; }
check_breaking() {
  [[ -f protos/released.binpb ]] || { echo "no contract was released so far: nothing to compare with"; return 0; }
  buf breaking protos --against protos/released.binpb
}
check_layers() { "$PYTHON" -B tools/check_layers.py; }
check_size() { "$PYTHON" -B tools/check_size.py; }
check_words() { "$PYTHON" -B tools/check_words.py; }
check_links() { "$PYTHON" -B tools/check_links.py; }
check_tools() { (cd tools && "$PYTHON" -B -m unittest -q checks_test); }
check_shell() { git ls-files -co --exclude-standard -- dev .ci/run '*.sh' | xargs shellcheck -x; }

# The lock files must name no registry host, so that they hold wherever packages come from.
check_lock() {
  if grep -nE '"resolved": "(https?|git)' package-lock.json tools/npm/*/package-lock.json; then
    echo "the lock file names hosts: run npm install at the root, where .npmrc keeps them out"
    return 1
  fi
}

check_alerts() {
  promtool check rules k8s/alerts/fivestrand.yaml && promtool test rules tests/deploy/alerts/*.yaml
}

# The reference pages: those of the contract and the metrics from the sources, those of configuration and access from the tables that
# the programs use.
build_reference() { build_with_tests release fivestrand access_reference; }
write_reference() {
  local bin=$ROOT/build/release/bin
  # shellcheck disable=SC2016
  "$PYTHON" -B tools/reference.py "$1" && "$bin/access_reference" >"$1/access.md" && {
    printf '# Configuration keys\n\n<!-- Written by ./dev fix; changes here are lost. -->\n\n'
    printf 'Those of the suite. A program of its own has the same without the service in front, and `jwks_url` where it verifies tokens.\n\n'
    "$bin/fivestrand" --print-reference
  } >"$1/config.md"
}
check_generated() {
  local fresh=$CACHE/reference
  rm -rf "$fresh"
  write_reference "$fresh" && diff -ru docs/reference "$fresh" && return
  echo "docs/reference is out of date: ./dev fix writes it again"
  return 1
}
fix_generated() { write_reference docs/reference; }

# run_check NAME: one line, and what the check printed when it failed.
run_check() {
  local start=$EPOCHREALTIME log=$LOGS/check-$1.log
  if "check_$1" >"$log" 2>&1; then
    printf '  ok      %-11s %5s s\n' "$1" "$(seconds_since "$start")"
  else
    printf '  FAILED  %-11s %5s s   again: ./dev verify %s\n' "$1" "$(seconds_since "$start")" "$1"
    sed 's/^/          /' "$log" | tail -n 60
    return 1
  fi
}

# run_checks [PATTERN]: counts into CHECKS_PASSED and CHECKS_FAILED.
run_checks() {
  local check
  CHECKS_PASSED=0 CHECKS_FAILED=0
  for check in "${CHECKS[@]}"; do
    [[ $check =~ ${1:-.} ]] || continue
    if run_check "$check"; then ((++CHECKS_PASSED)); else ((++CHECKS_FAILED)); fi
  done
}

verify_all() {
  LOGS=$CACHE/logs
  mkdir -p "$LOGS"
  install_for test
  if [[ generated =~ ${1:-.} ]]; then build_reference || true; fi
  run_checks "${1:-}"
  ((CHECKS_PASSED + CHECKS_FAILED)) || die 2 "no such check: $1 (${CHECKS[*]})"
  echo "$CHECKS_PASSED passed, $CHECKS_FAILED failed"
  ((CHECKS_FAILED == 0))
}

fix_all() {
  local check
  install_for test
  build_reference || die 1 "the suite does not build; its reference pages cannot be written"
  for check in "${CHECKS[@]}"; do
    declare -F "fix_$check" >/dev/null || continue
    say "fix $check"
    "fix_$check" || die 1 "fix $check failed"
  done
}
