-- What sites have asked for outlives the process that heard it.

CREATE TABLE waits (
    place TEXT NOT NULL,                -- the address the call goes to
    call  TEXT NOT NULL,                -- method and path template
    until TEXT NOT NULL,                -- whole seconds
    PRIMARY KEY (place, call)
) STRICT, WITHOUT ROWID;
