-- Files of cases and of threads: those chosen here, and those the town gave.
CREATE TABLE files (
    id      TEXT    NOT NULL PRIMARY KEY,
    matter  TEXT    NOT NULL,
    message TEXT,                          -- NULL: of the case itself; '': of a message being written
    sha256  TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    media   TEXT    NOT NULL,
    bytes   INTEGER NOT NULL,
    dated   TEXT,                          -- the date the resident told of it, YYYY-MM-DD
    here    INTEGER NOT NULL,              -- all of its bytes are on this device
    upload  TEXT,                          -- where the town takes it, once it has begun
    sent    INTEGER NOT NULL DEFAULT 0,
    arrived INTEGER NOT NULL DEFAULT 0     -- the town has all of it
) STRICT;
CREATE INDEX files_by_matter ON files (matter);
CREATE INDEX files_by_digest ON files (sha256);
CREATE INDEX files_to_fetch ON files (id) WHERE arrived AND NOT here;

-- Pieces of files on their way here: what came stays when the program ends, and is as encrypted as the rest.
CREATE TABLE file_pieces (
    file  TEXT    NOT NULL,
    at    INTEGER NOT NULL,
    bytes BLOB    NOT NULL,
    PRIMARY KEY (file, at)
) STRICT;

-- Up to when each thread was read here.
CREATE TABLE threads_read (
    matter TEXT    NOT NULL PRIMARY KEY,
    up_to  INTEGER NOT NULL
) STRICT;
