-- What its executor keeps of a step: of a collection's row its requests, before and after they are sent.
-- The number of a step's record counts from 1.

CREATE TABLE records (
    run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    step    INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    record  TEXT NOT NULL,
    PRIMARY KEY (run, step, number)
) STRICT;
