-- Pupils and what holds of them for a time. Columns that every record has are explained in platform/resource/record_table.h; the others
-- are the indexed fields of the message. Times are microseconds since 1970 UTC, dates are yyyymmdd.

CREATE TABLE pupil (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  upn TEXT NOT NULL,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  sex BIGINT NOT NULL,
  birth_date BIGINT,
  prior_attainment BIGINT NOT NULL,
  school TEXT NOT NULL,
  year_group BIGINT NOT NULL,
  on_roll BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE UNIQUE INDEX pupil_unique_upn ON pupil (trust, upn) WHERE delete_time IS NULL AND upn <> '';
CREATE INDEX pupil_by_school_family_name_path ON pupil (trust, school, family_name, path);
CREATE INDEX pupil_by_family_name_path ON pupil (trust, family_name, path);
-- Whether anything changed since an import looked.
CREATE INDEX pupil_by_update_time ON pupil (trust, update_time);

CREATE TABLE enrolment (
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
  year_group BIGINT NOT NULL,
  start_date BIGINT,
  end_date BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX enrolment_by_parent ON enrolment (trust, parent);
CREATE INDEX enrolment_by_school_start_date ON enrolment (trust, school, start_date);
CREATE INDEX enrolment_by_update_time ON enrolment (trust, update_time);

CREATE TABLE class_membership (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  school_class TEXT NOT NULL,
  school TEXT NOT NULL,
  start_date BIGINT,
  end_date BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX class_membership_by_parent ON class_membership (trust, parent);
CREATE INDEX class_membership_by_school_class ON class_membership (trust, school_class, start_date);

-- Which group it is lies in `sealed` alone.
CREATE TABLE group_membership (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  start_date BIGINT,
  end_date BIGINT,
  school TEXT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX group_membership_by_parent ON group_membership (trust, parent);
