-- Those who work in the town's offices. Of a token only a digest is kept; one who left stays, for the audit names them.
CREATE TABLE operators (
    id           TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    offices      TEXT    NOT NULL,           -- JSON list of identities; an empty one: every office
    token_sha256 TEXT    NOT NULL UNIQUE,
    ended        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Who read or did what with somebody's private matter, and when. Rows are added, never changed.
CREATE TABLE audit (
    n        INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,
    operator TEXT NOT NULL,
    deed     TEXT NOT NULL,
    matters  TEXT NOT NULL                   -- JSON list of the identities read or changed
) STRICT;
