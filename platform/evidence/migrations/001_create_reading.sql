-- Readings of closed periods, as the service's events carry them. `scope` is a resource name; `cut` is a digest, empty for the scope
-- as a whole; `period_end` is yyyymmdd; `record` is a fivestrand.evidence.v1.Reading. A reading whose period or measure is no more
-- keeps its row, with a delete_time.
CREATE TABLE reading (
  name TEXT NOT NULL,
  trust TEXT NOT NULL,
  scope TEXT NOT NULL,
  measure TEXT NOT NULL,
  cut TEXT NOT NULL,
  period_end BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  PRIMARY KEY (name)
);
CREATE INDEX reading_by_series ON reading (scope, measure, cut, period_end);

-- How far the journal of each trust is: all periods closed before `day` (yyyymmdd), with all records up to the event `cursor`. Whoever
-- writes readings has raised `claim`, and stops when somebody else has raised it since.
CREATE TABLE reading_journal (
  trust TEXT NOT NULL,
  day BIGINT NOT NULL,
  cursor BIGINT NOT NULL,
  claim BIGINT NOT NULL,
  PRIMARY KEY (trust)
);
