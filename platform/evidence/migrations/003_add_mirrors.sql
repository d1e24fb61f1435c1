-- What the copies of other services' records looked like when the journal was brought up to date; they make no events here.
ALTER TABLE reading_journal ADD COLUMN mirrors TEXT NOT NULL DEFAULT '';
