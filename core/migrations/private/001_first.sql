-- What the resident said, and what the town told only them. Encrypted as a whole (SQLCipher).
-- Times are milliseconds since 1970 in UTC.

CREATE TABLE town (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    url  TEXT    NOT NULL,
    card TEXT    NOT NULL,           -- as last read, JSON
    keys TEXT    NOT NULL            -- pinned when joining, JSON: what every signature is checked against
) STRICT;

CREATE TABLE identity (
    only   INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    device TEXT    NOT NULL,
    secret TEXT    NOT NULL,
    token  TEXT                      -- NULL: not introduced, or the token is no longer taken
) STRICT;

CREATE TABLE settings (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    body TEXT    NOT NULL
) STRICT;

CREATE TABLE drafts (
    id       TEXT    NOT NULL PRIMARY KEY,
    body     TEXT    NOT NULL,
    step     INTEGER NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT;

CREATE TABLE photos (
    id      TEXT    NOT NULL PRIMARY KEY,
    report  TEXT    NOT NULL,
    sha256  TEXT    NOT NULL,
    width   INTEGER NOT NULL,
    height  INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    upload  TEXT,                    -- where the town takes it, once it has begun
    sent    INTEGER NOT NULL DEFAULT 0,
    arrived INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX photos_by_report ON photos (report);

CREATE TABLE reports (
    id         TEXT    NOT NULL PRIMARY KEY,
    body       TEXT    NOT NULL,     -- what the resident sent
    sent_at    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    record     TEXT,                 -- what the town last told; NULL: nothing yet
    seen       INTEGER NOT NULL DEFAULT 0   -- told since the town's changes were last read from the start
) STRICT;
CREATE INDEX reports_by_time ON reports (sent_at DESC);

CREATE TABLE messages (
    id     TEXT    NOT NULL PRIMARY KEY,
    report TEXT    NOT NULL,
    text   TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_report ON messages (report);

-- What this device still has to tell the town, and what it has told: rows stay, bodies too, in case the town forgets.
CREATE TABLE outbox (
    seq             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE,
    report          TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    subject         TEXT    NOT NULL,        -- the identity it travels under
    body            BLOB    NOT NULL,        -- the very bytes that are sent; empty for a photo, whose bytes are a file
    saved_at        INTEGER NOT NULL,
    tries           INTEGER NOT NULL DEFAULT 0,
    next_try        INTEGER,
    no_network      INTEGER NOT NULL DEFAULT 0,
    left_device     INTEGER NOT NULL DEFAULT 0,   -- some of it may have left this device
    stuck           TEXT,
    delivered_at    INTEGER,
    acknowledgement TEXT
) STRICT;
CREATE INDEX outbox_by_report ON outbox (report, seq);
CREATE INDEX outbox_delivered ON outbox (delivered_at);
CREATE INDEX outbox_pending ON outbox (seq) WHERE delivered_at IS NULL;

CREATE TABLE cursors (
    only       INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    cursor     TEXT,
    relearning INTEGER NOT NULL DEFAULT 0,   -- reading from the start because the town lost its past
    as_of      INTEGER,
    last_try   INTEGER
) STRICT;
INSERT INTO cursors (only) VALUES (1);
