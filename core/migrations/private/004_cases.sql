-- What a request and a message belong to is a matter: a report or a case.
ALTER TABLE outbox RENAME COLUMN report TO matter;
DROP INDEX outbox_by_report;
CREATE INDEX outbox_by_matter ON outbox (matter, seq);
ALTER TABLE messages RENAME COLUMN report TO matter;
DROP INDEX messages_by_report;
CREATE INDEX messages_by_matter ON messages (matter);

-- Cases being written, each with the pack of its service as it was when they were begun.
CREATE TABLE case_drafts (
    id       TEXT    NOT NULL PRIMARY KEY,
    title    TEXT    NOT NULL,
    office   TEXT    NOT NULL,
    pack     TEXT    NOT NULL,       -- JSON
    answers  TEXT    NOT NULL,       -- JSON, exactly as typed
    section  INTEGER NOT NULL,       -- the section the resident stands at
    saved_at INTEGER NOT NULL
) STRICT;

-- Cases sent from this device; what the town tells of them stands among the records.
CREATE TABLE cases (
    id      TEXT    NOT NULL PRIMARY KEY,
    title   TEXT    NOT NULL,
    office  TEXT    NOT NULL,
    pack    TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    sent_at INTEGER NOT NULL
) STRICT;
