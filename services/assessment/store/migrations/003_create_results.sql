-- Results. They are no records of the registry: a trust has millions, so a row is a few numbers, and names stand once in a dictionary.

-- Name and number of everything that results point to. `kind` is domain::DictionaryKind. Numbers are given in order from 1 and never again
-- for another name; trusts are numbered under trust '' and are unique in the store, everything else within its trust. `name` is the resource
-- id, for a person or process of `kind` author the whole resource name.
CREATE TABLE dictionary (
  trust TEXT NOT NULL,
  kind BIGINT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (trust, kind, number)
);
CREATE UNIQUE INDEX dictionary_by_name ON dictionary (trust, kind, name);

-- The current results. `key` is one number made of five (domain/result_key.h), from its highest bit: trust 11 bits, window 12, subject 10,
-- scale 9, pupil 21; so a trust, and a window of it, is one range. One integer as primary key makes the table a single tree in SQLite, in
-- which an import appends. What the frame reads stands first. A pupil's results are found by the keys that the windows' subjects make.
CREATE TABLE result (
  key BIGINT PRIMARY KEY,
  -- Where the pupil was when it was made: number of the school, value of fivestrand.type.v1.YearGroup.
  school_number BIGINT NOT NULL,
  year_group BIGINT NOT NULL,
  -- Number of the code of the scale; 0 for a number.
  outcome BIGINT NOT NULL,
  -- The number, or the points of the code, in thousandths; NULL when the outcome has none.
  value BIGINT,
  -- When and by whom. The time is also the revision: it grows with every change of the key.
  update_time BIGINT NOT NULL,
  author_number BIGINT NOT NULL
);
-- What a result was before it changed or was taken away, and who did that when.
CREATE TABLE result_history (
  key BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  school_number BIGINT NOT NULL,
  year_group BIGINT NOT NULL,
  outcome BIGINT NOT NULL,
  value BIGINT,
  author_number BIGINT NOT NULL,
  end_time BIGINT NOT NULL,
  end_author_number BIGINT NOT NULL,
  PRIMARY KEY (key, update_time)
);

-- The parts of the key as columns, for people who ask the store themselves.
CREATE VIEW result_parts AS
SELECT key,
  key >> 52 AS trust_number,
  (key >> 40) & 4095 AS window_number,
  (key >> 30) & 1023 AS subject_number,
  (key >> 21) & 511 AS scale_number,
  key & 2097151 AS pupil_number,
  school_number, year_group, outcome, value, update_time, author_number
FROM result;
