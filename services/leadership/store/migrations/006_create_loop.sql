-- The improvement loop: concerns, threads, what answered them, and the readings and measures that they are judged by. Columns that every
-- record has are explained in platform/resource/record_table.h. Times are microseconds since 1970 UTC, dates are yyyymmdd.

CREATE TABLE concern (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  rule BIGINT NOT NULL,
  element TEXT NOT NULL,
  measure TEXT NOT NULL,
  school TEXT NOT NULL,
  state BIGINT NOT NULL,
  raised_by TEXT NOT NULL,
  accountable TEXT NOT NULL,
  signal_date BIGINT,
  raise_time BIGINT,
  end_time BIGINT,
  thread TEXT NOT NULL,
  open_key TEXT NOT NULL,
  key TEXT NOT NULL,
  restricted BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE UNIQUE INDEX concern_unique_open_key ON concern (trust, open_key) WHERE delete_time IS NULL AND open_key <> '';
CREATE INDEX concern_by_key ON concern (trust, key, path);
CREATE INDEX concern_by_thread ON concern (trust, thread) WHERE thread <> '';
CREATE INDEX concern_by_school ON concern (trust, school, path);
CREATE INDEX concern_by_accountable ON concern (trust, accountable, path);

CREATE TABLE improvement_thread (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  school TEXT NOT NULL,
  state BIGINT NOT NULL,
  outcome BIGINT NOT NULL,
  lead TEXT NOT NULL,
  open_time BIGINT,
  restricted BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX improvement_thread_by_school ON improvement_thread (trust, school, path);

-- What answers a thread, out of the feeds of all services: one row for each record and each thread that it has named. The record is
-- known by a digest of its name. Of a confidential one nothing else is kept but its dates: no name, kind, strand, schools, service or
-- person.
CREATE TABLE thread_response (
  trust TEXT NOT NULL,
  response_key TEXT NOT NULL,
  thread TEXT NOT NULL,
  source TEXT NOT NULL,
  revision BIGINT NOT NULL,
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  strand TEXT NOT NULL,
  giver TEXT NOT NULL,
  receiver TEXT NOT NULL,
  planned_date BIGINT,
  start_date BIGINT,
  done_date BIGINT,
  withdrawn BIGINT NOT NULL,
  contributor TEXT NOT NULL,
  PRIMARY KEY (trust, response_key, thread)
);
CREATE INDEX thread_response_by_thread ON thread_response (trust, thread);

-- Final readings of all services. `series` is a digest of measure, scope and cut. A reading that was withdrawn keeps its row, so that an
-- older event that comes once more does not bring it back. `pending`: when it came with a snapshot, whose order is none, and the rules
-- have not run for it yet.
CREATE TABLE loop_reading (
  trust TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  revision BIGINT NOT NULL,
  series TEXT NOT NULL,
  measure TEXT NOT NULL,
  period_end BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL,
  pending BIGINT,
  record BYTEA NOT NULL,
  PRIMARY KEY (trust, name)
);
CREATE INDEX loop_reading_pending ON loop_reading (pending) WHERE pending IS NOT NULL;
CREATE INDEX loop_reading_by_series ON loop_reading (trust, series, period_end) WHERE withdrawn = 0;
CREATE INDEX loop_reading_by_measure ON loop_reading (trust, measure, period_end) WHERE withdrawn = 0;

-- What each measure is held to by the service that computes it: a fivestrand.evidence.v1.Measure.
CREATE TABLE loop_measure (
  trust TEXT NOT NULL,
  measure TEXT NOT NULL,
  source TEXT NOT NULL,
  revision BIGINT NOT NULL,
  record BYTEA NOT NULL,
  PRIMARY KEY (trust, measure)
);

ALTER TABLE visit ADD COLUMN improvement_thread TEXT NOT NULL DEFAULT '';
ALTER TABLE drop_in ADD COLUMN improvement_thread TEXT NOT NULL DEFAULT '';
