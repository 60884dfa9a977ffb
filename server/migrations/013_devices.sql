-- What a resident is told of the devices they are signed in on, and whether a device was shut out. Times are milliseconds, UTC.
ALTER TABLE devices ADD COLUMN name     TEXT    NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN kind     TEXT    NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN seen_at  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN ended_at INTEGER;                   -- since when it is shut out
UPDATE devices SET seen_at = unixepoch() * 1000;

ALTER TABLE sessions ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN seen_at   INTEGER NOT NULL DEFAULT 0;
-- Heard of yesterday: the next refresh writes them where their residents read. How long they are remembered stays as it was, for as
-- long as their tokens live.
UPDATE sessions SET seen_at = (unixepoch() - 86400) * 1000;
CREATE INDEX sessions_by_device ON sessions (device);
CREATE INDEX sessions_by_resident ON sessions (resident);

CREATE INDEX uploads_by_owner ON uploads (owner, ended);
CREATE INDEX acknowledgements_by_owner ON acknowledgements (owner);
