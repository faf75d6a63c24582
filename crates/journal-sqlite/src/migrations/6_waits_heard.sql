-- When a wait was heard, so that a clock that was wrong then holds nobody up for long.

ALTER TABLE waits ADD COLUMN heard TEXT NOT NULL DEFAULT '1970-01-01T00:00:00Z';
