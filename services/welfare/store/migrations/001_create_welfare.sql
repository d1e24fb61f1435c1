-- Staff welfare. Columns that every record has are explained in platform/resource/record_table.h; the others are the indexed fields of the message.
-- Times are microseconds since 1970 UTC, dates are yyyymmdd. No column holds whom a record is about: that is sealed.

CREATE TABLE check_in (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  holder TEXT NOT NULL,
  school TEXT NOT NULL,
  state BIGINT NOT NULL,
  planned_time BIGINT,
  held_time BIGINT,
  improvement_thread TEXT NOT NULL,
  PRIMARY KEY (trust, path)
);
CREATE INDEX check_in_by_held ON check_in (trust, state, held_time);

CREATE TABLE welfare_concern (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  holder TEXT NOT NULL,
  school TEXT NOT NULL,
  state BIGINT NOT NULL,
  close_date BIGINT,
  PRIMARY KEY (trust, path)
);

CREATE TABLE support (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  holder TEXT NOT NULL,
  school TEXT NOT NULL,
  state BIGINT NOT NULL,
  start_date BIGINT,
  improvement_thread TEXT NOT NULL,
  done_date BIGINT,
  PRIMARY KEY (trust, path)
);

CREATE TABLE welfare_follow_up (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  holder TEXT NOT NULL,
  school TEXT NOT NULL,
  state BIGINT NOT NULL,
  due_date BIGINT,
  done_date BIGINT,
  PRIMARY KEY (trust, path)
);
CREATE INDEX welfare_follow_up_by_due ON welfare_follow_up (trust, due_date);

CREATE TABLE welfare_notice (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  parent TEXT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  record BYTEA NOT NULL,
  sealed BYTEA,
  opened_by TEXT NOT NULL,
  second_officer TEXT NOT NULL,
  open_time BIGINT,
  PRIMARY KEY (trust, path)
);

-- Whom a record names, as a keyed hash: `party` is HMAC-SHA-256 of the person's resource name under a secret of the trust, cut to 16 bytes. `part`
-- numbers are in services/welfare/domain/matter.h. `visible` is 0 for somebody for whom the record does not exist yet.
CREATE TABLE welfare_party (
  trust TEXT NOT NULL,
  path TEXT NOT NULL,
  part BIGINT NOT NULL,
  party BYTEA NOT NULL,
  visible BIGINT NOT NULL,
  PRIMARY KEY (trust, path, part, party)
);
CREATE INDEX welfare_party_by_party ON welfare_party (trust, party, path);

-- The secret of a trust for these hashes, encrypted with the trust's data key.
CREATE TABLE welfare_secret (
  trust TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (trust)
);
