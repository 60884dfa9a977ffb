-- The delicate reports an operator sees: a JSON list of circles.
ALTER TABLE operators ADD COLUMN circles TEXT NOT NULL DEFAULT '[]';
