-- What two people work on together. The texts lie in `sealed`, encrypted; no column holds any of them. Columns that every record has are
-- explained in platform/resource/record_table.h; the others are the indexed fields of the message. Times are microseconds since 1970 UTC,
-- dates are yyyymmdd.

CREATE TABLE coaching_cycle (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  coach TEXT NOT NULL,
  coachee TEXT NOT NULL,
  school TEXT NOT NULL,
  start_date BIGINT,
  end_date BIGINT,
  state BIGINT NOT NULL,
  cadence BIGINT NOT NULL,
  element TEXT NOT NULL,
  objective TEXT NOT NULL,
  improvement_thread TEXT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX coaching_cycle_by_coach ON coaching_cycle (trust, coach, start_date);
CREATE INDEX coaching_cycle_by_coachee ON coaching_cycle (trust, coachee, start_date);
CREATE INDEX coaching_cycle_by_school ON coaching_cycle (trust, school, start_date);

CREATE TABLE coaching_session (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  cycle TEXT NOT NULL,
  coach TEXT NOT NULL,
  coachee TEXT NOT NULL,
  planned_time BIGINT,
  held_time BIGINT,
  state BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX coaching_session_by_cycle ON coaching_session (trust, cycle, planned_time);
CREATE INDEX coaching_session_by_coach ON coaching_session (trust, coach, planned_time);
CREATE INDEX coaching_session_by_coachee ON coaching_session (trust, coachee, planned_time);

CREATE TABLE action_step (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  cycle TEXT NOT NULL,
  coach TEXT NOT NULL,
  coachee TEXT NOT NULL,
  due_date BIGINT,
  state BIGINT NOT NULL,
  achieved_date BIGINT,
  open_cycle TEXT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE UNIQUE INDEX action_step_unique_open_cycle ON action_step (trust, open_cycle) WHERE delete_time IS NULL AND open_cycle <> '';
CREATE INDEX action_step_by_cycle ON action_step (trust, cycle, due_date);
CREATE INDEX action_step_by_coach ON action_step (trust, coach, due_date);
CREATE INDEX action_step_by_coachee ON action_step (trust, coachee, due_date);

-- With whom coachees share steps: what the steps themselves say, the other way round.
CREATE TABLE action_step_share (
  trust TEXT NOT NULL,
  person TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (trust, person, path)
);
CREATE INDEX action_step_share_by_path ON action_step_share (trust, path);
