-- Copies of improvement threads, which records of every service can answer; see 001_create_organisation.sql.

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
