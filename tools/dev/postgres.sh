# shellcheck shell=bash
# A PostgreSQL 15 of our own for the tests: a new cluster in a temporary folder, reached by a socket there, gone at the end.

POSTGRES_BIN=/usr/lib/postgresql/15/bin
POSTGRES_DIR=

# PostgreSQL refuses to run as root: then it runs as the user that its package made.
as_postgres() {
  if [[ $(id -u) == 0 ]]; then
    (cd "$POSTGRES_DIR" && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

start_postgres() {
  POSTGRES_DIR=$(mktemp -d /tmp/fivestrand-pg.XXXXXX)
  [[ $(id -u) == 0 ]] && chown postgres: "$POSTGRES_DIR"
  as_postgres "$POSTGRES_BIN/initdb" -D "$POSTGRES_DIR/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >"$LOGS/postgres.log" 2>&1 ||
    return 1
  cat >>"$POSTGRES_DIR/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$POSTGRES_DIR'
max_connections = 200
shared_buffers = 64MB
fsync = on
CONF
  as_postgres "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_DIR/data" -l "$POSTGRES_DIR/server.log" -w -t 60 start >>"$LOGS/postgres.log" 2>&1 ||
    { cat "$POSTGRES_DIR/server.log" >>"$LOGS/postgres.log"; return 1; }
  export FIVESTRAND_TEST_POSTGRES="postgresql://postgres@/postgres?host=$POSTGRES_DIR"
}

stop_postgres() {
  [[ -n $POSTGRES_DIR && -d $POSTGRES_DIR ]] || return 0
  [[ -f $POSTGRES_DIR/data/postmaster.pid ]] &&
    as_postgres "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_DIR/data" -m immediate -w stop >/dev/null 2>&1
  [[ -f $POSTGRES_DIR/server.log ]] && cp "$POSTGRES_DIR/server.log" "$LOGS/postgres-server.log"
  rm -rf "$POSTGRES_DIR"
  POSTGRES_DIR=
}
