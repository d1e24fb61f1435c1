# shellcheck shell=bash
# ./dev run: the suite in the foreground with its data in .run/.

RUN_DIR=$ROOT/.run

# The one place that knows how the suite is started: suite_command PORT FOLDER sets SUITE. The portal is at PORT, gRPC at the next one,
# metrics and health at the one after.
suite_command() {
  SUITE=("$ROOT/build/release/bin/fivestrand" serve --demo "--data-dir=$2" "--portal-dir=$ROOT/gateway/portal/dist"
    "--http-listen=127.0.0.1:$1" "--leadership-grpc-listen=127.0.0.1:$(($1 + 1))" "--admin-listen=127.0.0.1:$(($1 + 2))")
}

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

run_suite() {
  local port=8080 fresh=0 offset
  while (($#)); do
    case $1 in
      --port) port=${2:?--port needs a number}; shift ;;
      --port=*) port=${1#*=} ;;
      --fresh) fresh=1 ;;
      *) die 2 "run knows --port N and --fresh, not $1" ;;
    esac
    shift
  done
  for offset in 0 1 2; do
    port_is_taken $((port + offset)) && die 1 "port $((port + offset)) is taken; try ./dev run --port $((port + 10))"
  done
  install_for run
  build_for_run || die 1 "not started: the build failed"
  ((fresh)) && rm -rf "$RUN_DIR"
  mkdir -p "$RUN_DIR"
  suite_command "$port" "$RUN_DIR"
  say "starting; the log goes to .run/log"
  announce "$port" $$ &
  # The suite takes this process, so that Ctrl-C and a signal reach it directly and it drains as it would anywhere.
  exec "${SUITE[@]}" 2>>"$RUN_DIR/log"
}

# announce PORT PID: says how to go in once the suite answers; stops when it has ended before that.
announce() {
  trap '' INT
  local deadline=$((SECONDS + 120))
  until curl -fsS -o /dev/null --max-time 1 "http://127.0.0.1:$(($1 + 2))/readyz" 2>/dev/null; do
    if ! kill -0 "$2" 2>/dev/null; then
      tail -n 20 "$RUN_DIR/log" >&2
      say "the suite ended before it was ready (its log is .run/log)"
      return
    fi
    ((SECONDS < deadline)) || { say "not ready after 120 s; see .run/log"; return; }
    sleep 0.1
  done
  cat <<TEXT

  Fivestrand is ready:  http://localhost:$1

  Sign in: the page lists the people of the demonstration trust. Choose one, for example a headteacher; there is no password.
  Metrics: http://localhost:$(($1 + 2))/metrics
  Data:    .run/ (./dev run --fresh begins anew)
  Stop:    Ctrl-C

TEXT
}
