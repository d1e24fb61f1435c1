-- Data keys of each trust, wrapped by the keyring, which lies outside the store. create_time is microseconds since 1970 UTC.
CREATE TABLE data_key (
  trust TEXT NOT NULL,
  version BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,
  kek_version BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (trust, version)
);
