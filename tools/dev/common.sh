# shellcheck shell=bash
# What every part of ./dev uses.

CACHE=$ROOT/.cache
STAMPS=$CACHE/stamps
# Debian's own, which sees the packages that are installed here.
export PYTHON=/usr/bin/python3

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

# die CODE TEXT: 1 something failed, 2 wrong usage.
die() {
  printf 'dev: %s\n' "${*:2}" >&2
  exit "$1"
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die 1 "this needs root, and there is no sudo: $*"
  fi
}

# How many compilers fit: one a core, and 1.3 GB for each (the largest file of the gateway takes that much).
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1300000) }' /proc/meminfo)
  ((memory < 1)) && memory=1
  echo $((cores < memory ? cores : memory))
}

# digest PATH...: one hash over names and contents of files and folders; what is missing counts as empty.
digest() {
  local paths=() path
  for path in "$@"; do [[ -e $path ]] && paths+=("$path"); done
  ((${#paths[@]})) || return 0
  find "${paths[@]}" \( -name node_modules -o -name dist -o -name gen \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# stamped NAME HASH: true when the step NAME was last done for HASH.
stamped() { [[ -f $STAMPS/$1 && $(<"$STAMPS/$1") == "$2" ]]; }
stamp() {
  mkdir -p "$STAMPS"
  printf '%s' "$2" >"$STAMPS/$1"
}

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# The C++ files of the repository, and those that differ from main.
cpp_files() { git ls-files -co --exclude-standard -- '*.cc' '*.h'; }
changed_cpp_files() {
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)
  { git diff --name-only --diff-filter=d "$base" -- '*.cc' '*.h'; git ls-files -o --exclude-standard -- '*.cc' '*.h'; } | sort -u
}
