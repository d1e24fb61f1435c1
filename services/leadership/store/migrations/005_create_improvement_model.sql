-- The improvement model of a trust that has written its own; its earlier states are in record_revision.
CREATE TABLE improvement_model (
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
