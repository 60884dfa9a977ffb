-- Whom the household rules entrust to whom, and until when (a ward's eighteenth birthday). Times are milliseconds, UTC.
CREATE TABLE guardians (
    guardian TEXT    NOT NULL,
    ward     TEXT    NOT NULL,
    until    INTEGER NOT NULL,
    PRIMARY KEY (guardian, ward)
) STRICT;

-- A sign-in under way: asked for, then answered with a code, then used. Of ticket and code only a digest is kept.
CREATE TABLE authorizations (
    ticket_sha256 TEXT    NOT NULL PRIMARY KEY,
    device        TEXT    NOT NULL REFERENCES devices (id),
    redirect_uri  TEXT    NOT NULL,
    challenge     TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    expires_at    INTEGER NOT NULL,
    resident      TEXT,                    -- once they have said who they are
    code_sha256   TEXT    UNIQUE,
    session       TEXT                     -- once the code was used
) STRICT;

CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    device     TEXT    NOT NULL,
    resident   TEXT    NOT NULL,
    generation INTEGER NOT NULL,           -- of the refresh token that is good now
    seen       INTEGER NOT NULL,           -- whether the device has shown that it holds this generation
    ended      INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE access_tokens (
    token_sha256 TEXT    NOT NULL PRIMARY KEY,
    session      TEXT    NOT NULL REFERENCES sessions (id),
    generation   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX access_tokens_by_session ON access_tokens (session);
