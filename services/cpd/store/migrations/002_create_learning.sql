-- What is offered, who takes part, and what came of it. Columns that every record has are explained in platform/resource/record_table.h; the
-- others are the indexed fields of the message. Times are microseconds since 1970 UTC.

CREATE TABLE course (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  title TEXT NOT NULL,
  kind BIGINT NOT NULL,
  provider TEXT NOT NULL,
  phase BIGINT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX course_by_title ON course (trust, title, path);

CREATE TABLE cpd_event (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  course TEXT NOT NULL,
  title TEXT NOT NULL,
  school TEXT NOT NULL,
  leader TEXT NOT NULL,
  booking_open_time BIGINT,
  booking_close_time BIGINT,
  state BIGINT NOT NULL,
  start_time BIGINT,
  end_time BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX cpd_event_by_start_time ON cpd_event (trust, start_time, path);
CREATE INDEX cpd_event_by_course ON cpd_event (trust, course, start_time);
CREATE INDEX cpd_event_by_leader ON cpd_event (trust, leader);

CREATE TABLE booking (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  event TEXT NOT NULL,
  person TEXT NOT NULL,
  school TEXT NOT NULL,
  state BIGINT NOT NULL,
  element TEXT NOT NULL,
  objective TEXT NOT NULL,
  improvement_thread TEXT NOT NULL,
  attended_minutes BIGINT NOT NULL,
  event_start_time BIGINT,
  event_end_time BIGINT,
  attended_time BIGINT,
  done_time BIGINT,
  standing_key TEXT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE UNIQUE INDEX booking_unique_standing_key ON booking (trust, standing_key) WHERE delete_time IS NULL AND standing_key <> '';
-- Places are counted in each booking of one, and the longest waiting found: both out of this index.
CREATE INDEX booking_by_event_state ON booking (trust, event, state, create_time);
CREATE INDEX booking_by_person_event_start_time ON booking (trust, person, event_start_time);
CREATE INDEX booking_by_event_end_time ON booking (trust, event_end_time);
CREATE INDEX booking_by_school_event_end_time ON booking (trust, school, event_end_time);

CREATE TABLE evaluation (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  booking TEXT NOT NULL,
  event TEXT NOT NULL,
  person TEXT NOT NULL,
  school TEXT NOT NULL,
  event_end_time BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE UNIQUE INDEX evaluation_unique_booking ON evaluation (trust, booking) WHERE delete_time IS NULL AND booking <> '';
CREATE INDEX evaluation_by_event ON evaluation (trust, event);
CREATE INDEX evaluation_by_person ON evaluation (trust, person);
CREATE INDEX evaluation_by_school_event_end_time ON evaluation (trust, school, event_end_time);
