-- Who did what with a run, and how many others have to approve its plan.

CREATE TABLE acts (
    run   BIGINT NOT NULL,
    act   BIGINT NOT NULL,              -- counts from 1
    did   TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C",             -- the id of the credential's owner; NULL: it is not known
    name  TEXT COLLATE "C" NOT NULL,    -- the owner, as it is shown
    at    TEXT COLLATE "C" NOT NULL,
    note  TEXT COLLATE "C",
    plan  TEXT COLLATE "C",             -- the digest of the plan that it was about
    PRIMARY KEY (run, act)
);

ALTER TABLE runs ADD COLUMN approvals BIGINT NOT NULL DEFAULT 0;
