-- What a step is about becomes a payload, which its executor alone reads. Of steps of users and groups
-- that is who and which group (`payload`), what was before and what is wanted (`common`); what the
-- journal itself asks for (whether anything was seen before, what was named) has columns of its own.

CREATE TABLE new_steps (
    run          INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    step         INTEGER NOT NULL,
    row          INTEGER NOT NULL,      -- the first row it serves
    kind         TEXT NOT NULL,         -- a word of its executor
    subject      TEXT NOT NULL,         -- what makes two steps of a kind the same
    door         INTEGER,
    payload      TEXT NOT NULL,         -- what it alone is about, as its executor writes it
    common       TEXT NOT NULL,         -- what it may have in common with others, likewise
    label        TEXT NOT NULL,         -- what it changes in a row of several steps, for people
    about        TEXT NOT NULL,         -- a line for each name of what it is about: searched and sorted
    unseen       INTEGER NOT NULL,      -- how it was before is not known
    warned       INTEGER NOT NULL,      -- there is something to check before the plan is agreed to
    needs        INTEGER,               -- a step to be done first
    needs_name   INTEGER NOT NULL,      -- it cannot be sent before that one has named what it created
    given        TEXT,                  -- what that one has named
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    unclear      INTEGER NOT NULL DEFAULT 0, -- sendings that lost their answer
    request      INTEGER,               -- the last request sent for it
    outcome      TEXT,
    reason       TEXT,
    detail       TEXT,
    http_status  INTEGER,
    named        TEXT,                  -- what its own answer has named
    settled_at   TEXT,
    PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;

INSERT INTO new_steps
    SELECT run, step, row, kind, subject, door,
           json_patch('{}', json_object('account', account, 'mail', mail, 'name', name,
                                        'group', group_id, 'group_name', group_name)),
           json_object('before', iif(json_valid(before), json(before), before),
                       'wanted', iif(json_valid(wanted), json(wanted), wanted)),
           coalesce(group_name, group_id, mail, name, account, ''),
           concat_ws(char(10), replace(mail, char(10), ' '), replace(name, char(10), ' '), account,
                     replace(coalesce(group_name, group_id), char(10), ' ')),
           before = '"unseen"',
           wanted LIKE '%"notes":%' OR wanted LIKE '%"gives":%',
           needs,
           needs IS NOT NULL AND account IS NULL,
           NULL,
           state, attempts, unclear, request, outcome, reason, detail, http_status,
           CASE kind WHEN 'create-group' THEN group_id ELSE made_account END,
           settled_at
    FROM steps ORDER BY run, step;

DROP TABLE steps;
ALTER TABLE new_steps RENAME TO steps;
CREATE UNIQUE INDEX steps_same ON steps (run, kind, subject);
CREATE INDEX steps_needs ON steps (run, needs) WHERE needs IS NOT NULL;

-- What was certainly there before a run that creates: an answer that names one of these created nothing.
ALTER TABLE known_accounts RENAME TO known_before;
ALTER TABLE known_before RENAME COLUMN account TO name;

ALTER TABLE runs RENAME COLUMN organisation TO organization;
