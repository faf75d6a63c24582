-- Runs, rows, steps, which rows a step serves, requests, and two scratch tables.

CREATE TABLE runs (
    run        INTEGER PRIMARY KEY AUTOINCREMENT,
    job        TEXT NOT NULL,
    state      TEXT NOT NULL,
    site       TEXT NOT NULL,
    organisation TEXT,                  -- for calls of the admin APIs: whose
    profile    TEXT NOT NULL,
    input      TEXT NOT NULL,
    headings   TEXT NOT NULL,           -- JSON array of texts
    options    TEXT NOT NULL,           -- JSON object
    undoes     INTEGER REFERENCES runs,
    created_at TEXT NOT NULL,
    sealed_at  TEXT,
    started_at TEXT,
    ended_at   TEXT,
    stop       TEXT
) STRICT;

CREATE TABLE rows (
    run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    row     INTEGER NOT NULL,           -- 1 is the first row below the headings
    line    INTEGER NOT NULL,           -- its line in the file
    cells   TEXT NOT NULL,              -- JSON array of texts
    outcome TEXT,                       -- NULL: pending
    reason  TEXT,
    detail  TEXT,
    step    INTEGER,                    -- the step that decided the outcome
    PRIMARY KEY (run, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE steps (
    run          INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    step         INTEGER NOT NULL,
    row          INTEGER NOT NULL,      -- the first row it serves
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,         -- what makes two steps the same
    account      TEXT,
    mail         TEXT,
    name         TEXT,
    group_id     TEXT,
    group_name   TEXT,
    before       TEXT NOT NULL,         -- JSON
    wanted       TEXT NOT NULL,         -- JSON
    needs        INTEGER,               -- a step to be done first
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    unclear      INTEGER NOT NULL DEFAULT 0, -- sendings that lost their answer
    request      INTEGER,               -- the last request sent for it
    outcome      TEXT,
    reason       TEXT,
    detail       TEXT,
    http_status  INTEGER,
    made_account TEXT,
    settled_at   TEXT,
    PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX steps_same ON steps (run, kind, subject);

CREATE TABLE serves (
    run  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    step INTEGER NOT NULL,
    row  INTEGER NOT NULL,
    PRIMARY KEY (run, step, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX serves_row ON serves (run, row, step);

CREATE TABLE requests (
    run      INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    request  INTEGER NOT NULL,
    step     INTEGER NOT NULL,          -- the first step it carries
    call     TEXT NOT NULL,             -- method and path template
    sent_at  TEXT NOT NULL,
    ended_at TEXT,
    status   INTEGER,
    result   TEXT,
    PRIMARY KEY (run, request)
) STRICT, WITHOUT ROWID;

-- Scratch of a draft: the distinct names its rows hold, looked up in batches.
CREATE TABLE draft_names (
    run  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (run, kind, name)
) STRICT, WITHOUT ROWID;

-- Accounts that surely were on the site before a create run: a 201 that names one of them
-- created nobody.
CREATE TABLE known_accounts (
    run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    account TEXT NOT NULL,
    PRIMARY KEY (run, account)
) STRICT, WITHOUT ROWID;
