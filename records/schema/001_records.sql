-- Records of any collection, whole as the town wrote them, with what lists and searches need beside them.
-- A snapshot of a town is a file of exactly this form, so that a device can put it in the place of its own.
-- Times are milliseconds since 1970 in UTC.

CREATE TABLE collections (
    n    INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;

-- n grows with the town's order of changes: what changed last has the highest.
CREATE TABLE records (
    n          INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections (n),
    id         BLOB    NOT NULL,               -- the sixteen bytes of a UUID
    version    INTEGER NOT NULL,
    kind       TEXT    NOT NULL DEFAULT '',    -- what a list of this collection is narrowed by
    at         INTEGER NOT NULL DEFAULT 0,     -- what a list of this collection is sorted by
    title      TEXT    NOT NULL DEFAULT '',
    lat        REAL,
    lon        REAL,
    understood INTEGER NOT NULL,               -- whether this release could read it
    body       TEXT                            -- NULL: it stands in a table of its own
) STRICT;
CREATE UNIQUE INDEX records_by_id ON records (collection, id);
CREATE INDEX records_by_time ON records (collection, understood, at);
CREATE INDEX records_by_kind ON records (collection, kind, understood, at) WHERE kind <> '';
CREATE INDEX records_by_place ON records (lat, lon) WHERE lat IS NOT NULL;

-- Counted while they are written: counting a million rows takes longer than showing forty.
CREATE TABLE counts (
    collection INTEGER NOT NULL REFERENCES collections (n),
    kind       TEXT    NOT NULL,
    understood INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (collection, kind, understood)
) STRICT, WITHOUT ROWID;

-- Every word of a record, folded; the record itself is not kept a second time. Collections that are small, and looked for
-- first, have an index of their own: in one with a million others each of their words would be a needle in a haystack.
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE VIRTUAL TABLE few_words USING fts5 (text, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

-- Every word there is, so that one half typed is completed: FTS5 would gather all records of all words that begin so.
CREATE TABLE terms (
    term TEXT    NOT NULL PRIMARY KEY,
    stem TEXT    NOT NULL,
    docs INTEGER NOT NULL                      -- about how many records hold it
) STRICT, WITHOUT ROWID;
CREATE INDEX terms_by_stem ON terms (stem, docs);
CREATE TABLE few_terms (
    term TEXT    NOT NULL PRIMARY KEY,
    stem TEXT    NOT NULL,
    docs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX few_terms_by_stem ON few_terms (stem, docs);
