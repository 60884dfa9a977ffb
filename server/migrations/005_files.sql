-- What an upload is a part of: a photo of a report, a file of a report's thread, a file of a case. A document an office gave
-- stands here too, ended from the beginning: this is the table of which file may be read by whom.
ALTER TABLE uploads RENAME COLUMN report TO matter;
ALTER TABLE uploads RENAME COLUMN photo TO file;
ALTER TABLE uploads ADD COLUMN part TEXT NOT NULL DEFAULT 'photo';
ALTER TABLE uploads ADD COLUMN media TEXT NOT NULL DEFAULT 'image/jpeg';
DROP INDEX uploads_by_photo;
CREATE INDEX uploads_by_part ON uploads (matter, file);
