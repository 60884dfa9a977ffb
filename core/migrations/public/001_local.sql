-- What this device knows of its reading of the town's public records; beside the tables of vicino_records.
CREATE TABLE cursors (
    only       INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    cursor     TEXT,
    relearning INTEGER NOT NULL DEFAULT 0,   -- reading from the start: 1 the town lost its past, 2 others may be seen
    as_of      INTEGER,
    last_try   INTEGER
) STRICT;
INSERT INTO cursors (only) VALUES (1);

-- While reading from the start: the records not told of again yet. What is left at the end is gone.
CREATE TABLE unheard (
    collection TEXT NOT NULL,
    id         BLOB NOT NULL,
    PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;
