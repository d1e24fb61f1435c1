-- Feeds between services. All times are microseconds since 1970 UTC.

-- As a source: how far each follower has come durably. The outbox is kept for the slowest. A follower is named
-- services/{service}/{name of the feed there}.
CREATE TABLE feed_follower (
  follower TEXT NOT NULL,
  cursor BIGINT NOT NULL,
  acknowledge_time BIGINT NOT NULL,
  PRIMARY KEY (follower)
);

-- As a follower: the cursor of each feed, written in the transaction of the events' effects. `snapshot` is the id of the snapshot that
-- is being taken over, empty when none is: then alone the cursor holds. `snapshot_time` is when its last part was written.
CREATE TABLE feed_cursor (
  follower TEXT NOT NULL,
  source TEXT NOT NULL,
  resource_types TEXT NOT NULL,
  cursor BIGINT NOT NULL,
  snapshot TEXT NOT NULL,
  snapshot_time BIGINT NOT NULL,
  PRIMARY KEY (follower)
);
