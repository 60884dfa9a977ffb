-- The case that help is asked for.
ALTER TABLE case_drafts ADD COLUMN about TEXT;

-- What was told to the resident already, so that it is told once.
CREATE TABLE alerts_told (
    what TEXT    NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
