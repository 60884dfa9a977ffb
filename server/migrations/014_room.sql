-- Bytes that their matter needs no more: the row says that they arrived, and the file may go.
ALTER TABLE uploads ADD COLUMN freed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX uploads_open ON uploads (owner) WHERE ended = 0;

-- A file that an operator brought and gave to nobody is kept for some days.
ALTER TABLE brought ADD COLUMN at INTEGER NOT NULL DEFAULT 0;   -- milliseconds
UPDATE brought SET at = unixepoch() * 1000;

-- What was taken back before.
UPDATE uploads SET freed = 1 WHERE part IN ('photo', 'report_file')
    AND matter IN (SELECT id FROM records WHERE collection = 'reports' AND body ->> '$.state' = 'withdrawn');
CREATE INDEX audit_matters_by_line ON audit_matters (n);
