-- The town's public facts: plain, and fetched again when this file is gone.

CREATE TABLE streets (
    id     TEXT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    folded TEXT NOT NULL,            -- as one searches: lower case, no accents, a space in front
    lat    REAL,
    lon    REAL
) STRICT;

CREATE TABLE public_reports (
    id          TEXT    NOT NULL PRIMARY KEY,
    body        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    lat         REAL,
    lon         REAL
) STRICT;
CREATE INDEX public_reports_by_time ON public_reports (received_at DESC);
CREATE INDEX public_reports_by_place ON public_reports (lat, lon);

CREATE TABLE offices (
    id   TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE cursors (
    only     INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    cursor   TEXT,
    as_of    INTEGER,
    last_try INTEGER
) STRICT;
INSERT INTO cursors (only) VALUES (1);
