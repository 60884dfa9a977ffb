-- What a request, a file, a message and a thread belong to says of which kind it is; until here it was asked of every table.
ALTER TABLE outbox ADD COLUMN matter_kind TEXT NOT NULL DEFAULT '';
UPDATE outbox SET matter_kind = CASE
    WHEN kind IN ('report', 'photo', 'message', 'file', 'withdrawal') THEN 'report'
    WHEN kind IN ('signature_answer', 'signature_withdrawal') THEN 'signature'
    WHEN kind IN ('declaration', 'notice_file') THEN 'notice'
    WHEN kind IN ('certificate', 'certificate_withdrawal') THEN 'certificate'
    ELSE 'case' END;

-- Every matter there is, with its kind. What is of none that is known here is kept as a report's, and goes as such.
CREATE TABLE matter_kinds (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL) STRICT;
INSERT OR IGNORE INTO matter_kinds (id, kind) SELECT id, 'paper' FROM papers;
INSERT OR IGNORE INTO matter_kinds (id, kind) SELECT id, 'report' FROM reports;
INSERT OR IGNORE INTO matter_kinds (id, kind) SELECT id, 'case' FROM cases;
INSERT OR IGNORE INTO matter_kinds (id, kind) SELECT id, 'case' FROM case_drafts;
INSERT OR IGNORE INTO matter_kinds (id, kind) SELECT id, 'notice' FROM kept_notices;
INSERT OR IGNORE INTO matter_kinds (id, kind)
    SELECT lower(substr(hex(records.id), 1, 8) || '-' || substr(hex(records.id), 9, 4) || '-' || substr(hex(records.id), 13, 4) || '-'
                 || substr(hex(records.id), 17, 4) || '-' || substr(hex(records.id), 21)),
           CASE collections.name WHEN 'cases' THEN 'case' WHEN 'notices' THEN 'notice' ELSE 'certificate' END
    FROM records JOIN collections ON collections.n = records.collection
    WHERE collections.name IN ('cases', 'notices', 'certificates');
INSERT OR IGNORE INTO matter_kinds (id, kind) SELECT matter, matter_kind FROM outbox;

ALTER TABLE files ADD COLUMN matter_kind TEXT NOT NULL DEFAULT 'report';
UPDATE files SET matter_kind = coalesce((SELECT kind FROM matter_kinds WHERE id = files.matter), 'report');
ALTER TABLE messages ADD COLUMN matter_kind TEXT NOT NULL DEFAULT 'report';
UPDATE messages SET matter_kind = coalesce((SELECT kind FROM matter_kinds WHERE id = messages.matter), 'report');
ALTER TABLE threads_read ADD COLUMN matter_kind TEXT NOT NULL DEFAULT 'report';
UPDATE threads_read SET matter_kind = coalesce((SELECT kind FROM matter_kinds WHERE id = threads_read.matter), 'report');
DROP TABLE matter_kinds;
