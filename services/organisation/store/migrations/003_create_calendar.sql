-- Copies of the calendar; see 001_create_organisation.sql.

CREATE TABLE academic_year (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  PRIMARY KEY (trust, path)
);
CREATE INDEX academic_year_by_parent_path ON academic_year (trust, parent, path);

CREATE TABLE bank_holiday (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  date BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX bank_holiday_by_date ON bank_holiday (trust, date);
