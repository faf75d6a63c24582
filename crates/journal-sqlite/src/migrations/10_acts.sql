-- Who did what with a run, and how many others have to approve its plan.

CREATE TABLE acts (
    run   INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    act   INTEGER NOT NULL,             -- counts from 1
    did   TEXT NOT NULL,
    actor TEXT,                         -- the id of the credential's owner; NULL: it is not known
    name  TEXT NOT NULL,                -- the owner, as it is shown
    at    TEXT NOT NULL,
    note  TEXT,
    plan  TEXT,                         -- the digest of the plan that it was about
    PRIMARY KEY (run, act)
) STRICT;

ALTER TABLE runs ADD COLUMN approvals INTEGER NOT NULL DEFAULT 0;
