-- When the town gave a file; NULL: it is the resident's own.
ALTER TABLE files ADD COLUMN given_at INTEGER;
CREATE INDEX files_given ON files (given_at) WHERE given_at IS NOT NULL;

-- The resident's own papers, kept to be used again. Their pages are files of the matter with the same identity.
CREATE TABLE papers (
    id      TEXT    NOT NULL PRIMARY KEY,
    kind    TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    expires TEXT,                          -- YYYY-MM-DD; NULL: it does not expire, or nobody said
    kept_at INTEGER NOT NULL
) STRICT;

-- What this release does once with what an earlier one left here.
CREATE TABLE once (
    what TEXT NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO once (what) VALUES ('files_given');
