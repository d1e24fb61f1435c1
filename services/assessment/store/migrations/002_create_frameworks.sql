-- Scales, frameworks, assessment windows, and how files are read.

CREATE TABLE scale (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  display_name TEXT NOT NULL,
  stage BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  version BIGINT NOT NULL,
  supersedes TEXT NOT NULL,
  PRIMARY KEY (trust, path)
);

CREATE TABLE framework (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  display_name TEXT NOT NULL,
  stage BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);

CREATE TABLE assessment_window (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  display_name TEXT NOT NULL,
  academic_year TEXT NOT NULL,
  kind BIGINT NOT NULL,
  start_date BIGINT,
  end_date BIGINT,
  entry BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX assessment_window_by_start_date ON assessment_window (trust, start_date, path);

CREATE TABLE column_mapping (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  display_name TEXT NOT NULL,
  kind BIGINT NOT NULL,
  shape BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
