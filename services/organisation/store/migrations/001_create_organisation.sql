-- Copies of the organisation, in tables of the shape that their owner has. Without unique values: those are the owner's business,
-- and while a snapshot is taken over an old row may still stand beside its successor. Columns that every record has are explained in
-- platform/resource/record_table.h; the others are the indexed fields of the message. Times are microseconds since 1970 UTC, dates
-- are yyyymmdd.

CREATE TABLE trust (
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
  PRIMARY KEY (trust, path)
);

CREATE TABLE school (
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
  urn TEXT NOT NULL,
  laestab TEXT NOT NULL,
  phase BIGINT NOT NULL,
  status BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);

CREATE TABLE subject (
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
  core BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);

CREATE TABLE school_class (
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
  year_group BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX school_class_by_parent_academic_year_path ON school_class (trust, parent, academic_year, path);
