# shellcheck shell=bash
# Configures and builds the C++ tree and the portal. One build folder a preset serves run, test and bench alike, so that nothing
# is compiled twice; ccache finds objects of other clones because paths are taken relative to the repository.

export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1 CMAKE_COLOR_DIAGNOSTICS=ON

# configure PRESET OPTION...: its output is shown only when it fails.
configure() {
  say "configuring build/$1"
  cmake --preset "$@" >"$CACHE/configure-$1.log" 2>&1 || { cat "$CACHE/configure-$1.log" >&2; return 1; }
}

# build PRESET TARGET...: ninja keeps one progress line on a terminal and says nothing elsewhere. The lock keeps a second ./dev out.
build() {
  local preset=$1 quiet=() start=$EPOCHREALTIME
  shift
  [[ -t 1 ]] || quiet=(--quiet)
  say "building ${*:-everything} ($preset)"
  flock "build/$preset/.dev-lock" ninja -C "build/$preset" -j "$(build_jobs)" "${quiet[@]}" "$@" || return 1
  say "built in $(seconds_since "$start") s"
}

cached_option() { sed -n "s/^$2:BOOL=//p" "build/$1/CMakeCache.txt" 2>/dev/null; }

# configure_with_tests PRESET: also turns a build folder that ./dev run made into one with tests; the objects stay.
configure_with_tests() {
  local options=()
  case $1 in
    release)
      [[ -f build/release/build.ninja && $(cached_option release FIVESTRAND_TESTS) == ON &&
        $(cached_option release FIVESTRAND_BENCH) == ON ]] && return
      options=(-DFIVESTRAND_TESTS=ON -DFIVESTRAND_BENCH=ON)
      ;;
    asan | tsan | fuzz) [[ -f build/$1/build.ninja ]] && return ;;
    *) die 2 "no such preset: $1 (release, asan, tsan, fuzz)" ;;
  esac
  configure "$1" "${options[@]}"
}

build_with_tests() { configure_with_tests "$1" && build "$@"; }

# The suite alone, without what only tests and benchmarks need.
build_suite() {
  [[ -f build/release/build.ninja ]] || configure release -DFIVESTRAND_TESTS=OFF -DFIVESTRAND_BENCH=OFF || return 1
  build release fivestrand
}

# The portal, when its sources, the protos or the lock file changed.
build_portal() {
  local hash start=$EPOCHREALTIME
  hash=$(digest gateway/portal protos package-lock.json)
  [[ -f gateway/portal/dist/index.html ]] && stamped portal "$hash" && return
  npm run --silent build --workspace gateway/portal </dev/null >"$CACHE/portal.log" 2>&1 ||
    { tail -n 40 "$CACHE/portal.log" >&2; say "the portal did not build"; return 1; }
  stamp portal "$hash"
  say "portal built in $(seconds_since "$start") s"
}

# Suite and portal at the same time.
build_for_run() {
  build_portal &
  local portal=$! failed=0
  build_suite || failed=1
  wait "$portal" || failed=1
  return $failed
}

# Every fuzzer in turn, each beside its own corpus; one that finds something fails.
fuzz_all() {
  local fuzzer failed=0
  build_with_tests fuzz fuzzers || die 1 "the fuzzers did not build"
  for fuzzer in build/fuzz/fuzz/*_fuzz; do
    [[ -x $fuzzer ]] || continue
    local name corpus seeds=()
    name=$(basename "$fuzzer")
    corpus=$CACHE/fuzz/$name
    [[ -d tests/fuzz/corpus/$name ]] && seeds=("tests/fuzz/corpus/$name")
    mkdir -p "$corpus"
    say "$name for $1 s"
    "$fuzzer" -max_total_time="$1" -rss_limit_mb=3000 -timeout=10 -print_final_stats=1 -artifact_prefix="$corpus-" \
      "$corpus" "${seeds[@]}" >"$CACHE/fuzz/$name.log" 2>&1 ||
      { tail -n 40 "$CACHE/fuzz/$name.log" >&2; failed=1; }
    grep -E '^stat::number_of_executed_units' "$CACHE/fuzz/$name.log" || true
  done
  return $failed
}
