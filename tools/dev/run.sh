# shellcheck shell=bash
# ./dev run: the suite in the foreground with its data in .run/.

RUN_DIR=$ROOT/.run

# The one place that knows how the suite is started: suite_command PORT FOLDER sets SUITE. The portal is at PORT, gRPC at the next one,
# metrics and health at the one after.
suite_command() {
  SUITE=("$ROOT/build/release/bin/fivestrand" serve --demo "--data-dir=$2" "--portal-dir=$ROOT/gateway/portal/dist"
    "--http-listen=127.0.0.1:$1" "--leadership-grpc-listen=127.0.0.1:$(($1 + 1))" "--admin-listen=127.0.0.1:$(($1 + 2))"
    --drain-delay=0s)
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
  touch "$RUN_DIR/log"
  LOG_START=$(($(wc -l <"$RUN_DIR/log") + 1))
  say "starting; the log goes to .run/log"
  announce "$port" $$ &
  # The suite takes this process, so that Ctrl-C and a signal reach it directly and it drains as it would anywhere.
  exec "${SUITE[@]}" 2>>"$RUN_DIR/log"
}

# announce PORT PID: says how to go in once the demonstration can be signed in to; stops when the suite has ended before that.
announce() {
  trap '' INT
  local loading=
  until curl -fsS --max-time 1 "http://127.0.0.1:$1/auth/people" 2>/dev/null | grep -q '"person"' && ! is_loading; do
    if ! kill -0 "$2" 2>/dev/null; then
      tail -n 20 "$RUN_DIR/log" >&2
      say "the suite ended before it was ready (its log is .run/log)"
      return
    fi
    if [[ -z $loading ]] && is_loading; then
      loading=yes
      say "loading a year of the demonstration trust (only at the first start)"
    fi
    sleep 0.2
  done
  cat <<TEXT

  Fivestrand is ready:  http://localhost:$1

  Sign in: the page lists the people of the demonstration trust. Choose one, for example a headteacher; there is no password.
  Metrics: http://localhost:$(($1 + 2))/metrics
  Data:    .run/ (./dev run --fresh begins anew)
  Stop:    Ctrl-C

TEXT
}

# Whether the last start is still loading the demonstration, by its log.
is_loading() { tail -n "+${LOG_START:-1}" "$RUN_DIR/log" | grep -E 'loading the demonstration trust|demonstration trust (loaded|was not loaded)' | tail -n 1 | grep -q '"loading'; }
