-- Visible leadership. Columns that every record has are explained in platform/resource/record_table.h; the others are the indexed
-- fields of the message. Times are microseconds since 1970 UTC, dates are yyyymmdd.

CREATE TABLE visit (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  leader TEXT NOT NULL,
  start_time BIGINT,
  state BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX visit_by_parent_start_time ON visit (trust, parent, start_time);
CREATE INDEX visit_by_leader_start_time ON visit (trust, leader, start_time);

CREATE TABLE drop_in (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  leader TEXT NOT NULL,
  start_time BIGINT,
  school_class TEXT NOT NULL,
  subject TEXT NOT NULL,
  teacher TEXT NOT NULL,
  focus TEXT NOT NULL,
  year_group BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
-- Covering: the measures of a trust read these columns of a year's rows and nothing else.
CREATE INDEX drop_in_live ON drop_in (trust, parent, start_time, leader, school_class) WHERE delete_time IS NULL;
CREATE INDEX drop_in_by_leader_start_time ON drop_in (trust, leader, start_time);
CREATE INDEX drop_in_by_teacher_start_time ON drop_in (trust, teacher, start_time);
CREATE INDEX drop_in_by_school_class_start_time ON drop_in (trust, school_class, start_time);

CREATE TABLE duty (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  leader TEXT NOT NULL,
  start_time BIGINT,
  kind BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX duty_live ON duty (trust, parent, start_time, leader, kind) WHERE delete_time IS NULL;
CREATE INDEX duty_by_leader_start_time ON duty (trust, leader, start_time);

CREATE TABLE modelled_lesson (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  leader TEXT NOT NULL,
  start_time BIGINT,
  school_class TEXT NOT NULL,
  subject TEXT NOT NULL,
  focus TEXT NOT NULL,
  year_group BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX modelled_lesson_by_parent_start_time ON modelled_lesson (trust, parent, start_time);
CREATE INDEX modelled_lesson_by_leader_start_time ON modelled_lesson (trust, leader, start_time);
