-- By when a request had been sent, by the clock of the site; kept where its effect may show only later. The
-- machine's clock, of sent_at, may be set in between.

ALTER TABLE requests ADD COLUMN sent_by TEXT;
