-- While reading from the start: the records not told of again yet. What is left at the end is gone.
CREATE TABLE unheard (
    collection TEXT NOT NULL,
    id         BLOB NOT NULL,
    PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;

-- Whose store this is, once somebody has said who they are. It stays theirs, signed in or not.
CREATE TABLE person (
    only       INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    resident   TEXT    NOT NULL,
    name       TEXT,                          -- NULL: the town has not told yet
    signed_in  INTEGER NOT NULL
) STRICT;

-- Whether a complete reading of the town's records has held what was delivered: by this, not by a clock, it shows what a
-- town put back from a copy has lost.
ALTER TABLE outbox ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;
