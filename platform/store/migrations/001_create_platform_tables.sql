-- What every store has. All times are microseconds since 1970 UTC.

-- One row. Whoever writes holds its lock, so cursors and audit sequences are in commit order and without gaps. audit_hash is the
-- hash of the newest audit row, NULL before the first.
CREATE TABLE store_head (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  event_cursor BIGINT NOT NULL,
  trimmed_cursor BIGINT NOT NULL,
  audit_sequence BIGINT NOT NULL,
  audit_hash BYTEA
);

CREATE TABLE outbox (
  cursor BIGINT PRIMARY KEY,
  event_time BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  resource_type TEXT NOT NULL,
  resource TEXT NOT NULL,
  trust TEXT NOT NULL,
  revision BIGINT NOT NULL,
  actor TEXT NOT NULL,
  record BYTEA NOT NULL
);

CREATE TABLE audit (
  sequence BIGINT PRIMARY KEY,
  event_time BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  trust TEXT NOT NULL,
  before_digest BYTEA NOT NULL,
  after_digest BYTEA NOT NULL,
  hash BYTEA NOT NULL
);
CREATE INDEX audit_by_resource ON audit (resource, sequence);

-- The answer to a write, kept so that the same request gives the same answer again.
CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  request_id TEXT NOT NULL,
  fingerprint BYTEA NOT NULL,
  resource_type TEXT NOT NULL,
  resource TEXT NOT NULL,
  record BYTEA NOT NULL,
  sealed BYTEA,
  expire_time BIGINT NOT NULL,
  PRIMARY KEY (actor, request_id)
);
CREATE INDEX idempotency_by_expiry ON idempotency (expire_time);

-- Earlier states of the records whose declaration asks for it.
CREATE TABLE record_revision (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  revision BIGINT NOT NULL,
  record BYTEA NOT NULL,
  sealed BYTEA,
  event_time BIGINT NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (trust, path, revision)
);

INSERT INTO store_head (id, event_cursor, trimmed_cursor, audit_sequence, audit_hash) VALUES (1, 0, 0, 0, NULL);
