-- Who carries a run and until when, which runs wait for a worker, and the workers.

CREATE SEQUENCE lease_tokens;

-- The row of a run stays: its next lease has another token. A lease is fenced by locking its row as a foreign key does
-- (FOR KEY SHARE), which a renewal does not wait for, and a taking does: the token is a key, the time is not.
CREATE TABLE leases (
    run     BIGINT PRIMARY KEY,
    token   BIGINT NOT NULL UNIQUE,
    until   TIMESTAMPTZ NOT NULL,          -- by the server's clock; '-infinity': given back
    since   TIMESTAMPTZ NOT NULL,
    host    TEXT COLLATE "C" NOT NULL,
    process BIGINT NOT NULL,
    machine TEXT COLLATE "C" NOT NULL,     -- the start of the machine and the namespace; empty: not known
    born    BIGINT NOT NULL,               -- when the process was started, in the kernel's ticks
    worker  BIGINT                         -- NULL: a command or the page
) WITH (fillfactor = 50);
CREATE INDEX leases_until ON leases (until);

CREATE TABLE queue (
    run       BIGINT PRIMARY KEY,
    place     BIGINT GENERATED ALWAYS AS IDENTITY,
    queued_at TEXT COLLATE "C" NOT NULL,
    queued_by TEXT COLLATE "C",            -- an email address
    how       TEXT COLLATE "C" NOT NULL,   -- JSON: the options that were agreed to
    note      TEXT COLLATE "C"             -- why a worker left it
);

CREATE TABLE workers (
    worker   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host     TEXT COLLATE "C" NOT NULL,
    process  BIGINT NOT NULL,
    machine  TEXT COLLATE "C" NOT NULL,
    born     BIGINT NOT NULL,
    profiles TEXT COLLATE "C",             -- JSON array; NULL: all
    jobs     BIGINT NOT NULL,
    since    TIMESTAMPTZ NOT NULL,
    seen     TIMESTAMPTZ NOT NULL,
    until    TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 50);

-- Refuses a transaction on a run that its process does not carry, and keeps the lease until the transaction ends.
-- Without a token: refuses a transaction on a run that a process carries.
CREATE FUNCTION fence(of_run BIGINT, own BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    held leases%ROWTYPE;
BEGIN
    SELECT * INTO held FROM leases WHERE run = of_run FOR KEY SHARE;
    -- A run from before there were leases gets a row, so that a taking waits for this transaction.
    IF NOT FOUND THEN
        INSERT INTO leases (run, token, until, since, host, process, machine, born)
            VALUES (of_run, nextval('lease_tokens'), '-infinity', clock_timestamp(), '', 0, '', 0)
            ON CONFLICT DO NOTHING;
        SELECT * INTO held FROM leases WHERE run = of_run FOR KEY SHARE;
    END IF;
    IF held.until > clock_timestamp() THEN
        IF held.token = own THEN
            RETURN;
        END IF;
    ELSIF own IS NULL THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'the lease of run % is not this process''s', of_run
        USING ERRCODE = 'HC001', DETAIL = of_run::text;
END
$$;

-- Refuses a transaction whose statement did not move every step.
CREATE FUNCTION all_moved(moved BIGINT, asked BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF moved <> asked THEN
        RAISE EXCEPTION '% of % steps were moved', moved, asked USING ERRCODE = 'HC002';
    END IF;
END
$$;
