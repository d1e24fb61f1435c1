-- What each measure is held to, as the service's events carry it: a fivestrand.evidence.v1.Measure for each trust that it is computed for.
CREATE TABLE measure (
  trust TEXT NOT NULL,
  measure TEXT NOT NULL,
  revision BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  record BYTEA NOT NULL,
  PRIMARY KEY (trust, measure)
);
