-- Copies of people, what they hold and what they may do; see 001_create_organisation.sql.

CREATE TABLE person (
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
  family_name TEXT NOT NULL,
  email TEXT NOT NULL,
  end_date BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX person_by_display_name_path ON person (trust, display_name, path);

CREATE TABLE post (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  person TEXT NOT NULL,
  kind BIGINT NOT NULL,
  school TEXT NOT NULL,
  start_date BIGINT,
  end_date BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX post_by_person ON post (trust, person);
CREATE INDEX post_by_school ON post (trust, school);

CREATE TABLE line_management (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  manager TEXT NOT NULL,
  report TEXT NOT NULL,
  start_date BIGINT,
  end_date BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX line_management_by_manager ON line_management (trust, manager);
CREATE INDEX line_management_by_report ON line_management (trust, report);

CREATE TABLE role_grant (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  person TEXT NOT NULL,
  role BIGINT NOT NULL,
  start_date BIGINT,
  end_date BIGINT,
  state BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX role_grant_by_person ON role_grant (trust, person);
