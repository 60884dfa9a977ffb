-- The register: whatever the matter, a record is one row here and takes a new seq with every change.
CREATE TABLE records (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused, so that no cursor can skip a change
    collection TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    owner      TEXT,                               -- the device it belongs to; NULL: public
    version    INTEGER NOT NULL,
    deleted    INTEGER NOT NULL DEFAULT 0,
    body       TEXT    NOT NULL,                   -- the whole record, JSON
    UNIQUE (collection, id)
) STRICT;
CREATE INDEX records_by_owner ON records (owner, seq);

-- What arrived, once: the same id with the same bytes is the same request, with other bytes it is refused.
CREATE TABLE acknowledgements (
    kind        TEXT NOT NULL,
    id          TEXT NOT NULL,
    owner       TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    jws         TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE devices (
    id            TEXT NOT NULL PRIMARY KEY,
    secret_sha256 TEXT NOT NULL,
    created_at    TEXT NOT NULL
) STRICT;

CREATE TABLE tokens (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    device       TEXT NOT NULL REFERENCES devices (id),
    created_at   TEXT NOT NULL
) STRICT;

-- How far an upload has come is the length of its file, not a column here.
CREATE TABLE uploads (
    id         TEXT    NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL,
    report     TEXT    NOT NULL,
    photo      TEXT    NOT NULL,
    sha256     TEXT    NOT NULL,
    length     INTEGER NOT NULL,
    metadata   TEXT    NOT NULL,   -- as the client sent it, given back with HEAD
    expires_at TEXT    NOT NULL,
    ended      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX uploads_by_photo ON uploads (report, photo);
CREATE INDEX uploads_by_file ON uploads (sha256);

-- The last number given in a year.
CREATE TABLE numbers (
    year INTEGER NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- Every start of the server, and the last seq it found: how a restored copy is recognised.
CREATE TABLE boots (
    n        INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT    NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL
) STRICT;
