-- A row, a step and a request are stored under one number: the run's, and in the lower 32 bits their own. So a plan
-- only appends, and a line that changes is written over in its place. (Without such a number SQLite keeps whole lines
-- in the inner nodes of a table, too: it then has twice as many levels, and each change moves lines about.)
--
-- Its own row is written in the step; `shared` has the other rows that it serves. Equal steps of a draft are found in
-- memory, and equal steps of other runs in a table of the connection that asks for them.

CREATE TABLE new_rows (
    id      INTEGER PRIMARY KEY,
    run     INTEGER AS (id >> 32),
    row     INTEGER AS (id & 0xffffffff), -- 1 is the first row below the headings
    line    INTEGER NOT NULL,           -- its line in the file
    cells   TEXT NOT NULL,              -- JSON array of texts
    outcome TEXT,                       -- NULL: pending
    reason  TEXT,
    detail  TEXT,
    step    INTEGER                     -- the step that decided the outcome
) STRICT;

INSERT INTO new_rows (id, line, cells, outcome, reason, detail, step)
    SELECT (run << 32) + row, line, cells, outcome, reason, detail, step FROM rows ORDER BY run, row;
DROP TABLE rows;
ALTER TABLE new_rows RENAME TO rows;

CREATE TABLE new_steps (
    id           INTEGER PRIMARY KEY,
    run          INTEGER AS (id >> 32),
    step         INTEGER AS (id & 0xffffffff),
    row          INTEGER NOT NULL,      -- the first row it serves
    kind         TEXT NOT NULL,         -- a word of its executor
    subject      TEXT NOT NULL,         -- two steps of a kind with the same subject are the same
    door         INTEGER,
    payload      TEXT NOT NULL,         -- its own data, as its executor writes it
    common       TEXT NOT NULL,         -- data that it may share with other steps
    label        TEXT NOT NULL,         -- the change in words, for a row of several steps
    about        TEXT NOT NULL,         -- a line for each name of the step: searched and sorted
    unseen       INTEGER NOT NULL,      -- the state before is not known
    warned       INTEGER NOT NULL,      -- there is a warning to check before the plan is agreed to
    needs        INTEGER,               -- a step to be done first
    needs_name   INTEGER NOT NULL,      -- it cannot be sent before that step has named what it created
    given        TEXT,                  -- the name from that step
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    unclear      INTEGER NOT NULL DEFAULT 0, -- attempts without an answer
    request      INTEGER,               -- the last request sent for it
    outcome      TEXT,
    reason       TEXT,
    detail       TEXT,
    http_status  INTEGER,
    named        TEXT,                  -- the name from its own answer
    settled_at   TEXT
) STRICT;

INSERT INTO new_steps (id, row, kind, subject, door, payload, common, label, about, unseen, warned, needs, needs_name,
                       given, state, attempts, unclear, request, outcome, reason, detail, http_status, named, settled_at)
    SELECT (run << 32) + step, row, kind, subject, door, payload, common, label, about, unseen, warned, needs, needs_name,
           given, state, attempts, unclear, request, outcome, reason, detail, http_status, named, settled_at
    FROM steps ORDER BY run, step;
DROP TABLE steps;
ALTER TABLE new_steps RENAME TO steps;
CREATE INDEX steps_row ON steps (run, row);
CREATE INDEX steps_needs ON steps (run, needs) WHERE needs IS NOT NULL;

CREATE TABLE shared (
    run  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    step INTEGER NOT NULL,
    row  INTEGER NOT NULL,
    PRIMARY KEY (run, step, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_row ON shared (run, row, step);
INSERT INTO shared
    SELECT serves.run, serves.step, serves.row
    FROM serves JOIN steps ON steps.id = (serves.run << 32) + serves.step
    WHERE serves.row <> steps.row ORDER BY serves.run, serves.step, serves.row;
DROP TABLE serves;
CREATE VIEW serves AS SELECT run, step, row FROM steps UNION ALL SELECT run, step, row FROM shared;

CREATE TABLE new_requests (
    id       INTEGER PRIMARY KEY,
    run      INTEGER AS (id >> 32),
    request  INTEGER AS (id & 0xffffffff),
    step     INTEGER NOT NULL,          -- the first step it carries
    call     TEXT NOT NULL,             -- method and path template
    sent_at  TEXT NOT NULL,
    ended_at TEXT,
    status   INTEGER,
    result   TEXT,
    sent_by  TEXT                       -- by the site's clock
) STRICT;

INSERT INTO new_requests (id, step, call, sent_at, ended_at, status, result, sent_by)
    SELECT (run << 32) + request, step, call, sent_at, ended_at, status, result, sent_by
    FROM requests ORDER BY run, request;
DROP TABLE requests;
ALTER TABLE new_requests RENAME TO requests;
