-- Pulse surveys. While one is open its answers and who has answered lie in pulse_box, in blocks that are encrypted as a whole; when it closes they and
-- the key are overwritten and removed, and pulse_scope and pulse_figure hold what may be shown.

CREATE TABLE pulse_survey (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  open_time BIGINT,
  close_time BIGINT,
  state BIGINT NOT NULL,
  PRIMARY KEY (trust, path)
);

-- The survey's key, encrypted with the trust's data key. `survey` is the path of the survey.
CREATE TABLE pulse_key (
  trust TEXT NOT NULL,
  survey TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (trust, survey)
);

-- `kind` 1: answers, 2: keyed hashes of who has answered. All blocks are made at once, before the first answer.
CREATE TABLE pulse_box (
  trust TEXT NOT NULL,
  survey TEXT NOT NULL,
  kind BIGINT NOT NULL,
  block BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (trust, survey, kind, block)
);

-- Of a closed survey. `scope` is the path of a school, empty for the trust as a whole. NULL: too few.
CREATE TABLE pulse_scope (
  trust TEXT NOT NULL,
  survey TEXT NOT NULL,
  scope TEXT NOT NULL,
  invited BIGINT,
  answered BIGINT,
  PRIMARY KEY (trust, survey, scope)
);

CREATE TABLE pulse_figure (
  trust TEXT NOT NULL,
  survey TEXT NOT NULL,
  scope TEXT NOT NULL,
  question_set BIGINT NOT NULL,
  question TEXT NOT NULL,
  answers BIGINT NOT NULL,
  points DOUBLE PRECISION NOT NULL,
  spread DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (trust, survey, scope, question_set, question)
);
