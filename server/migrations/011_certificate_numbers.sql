-- The number of each certificate, given once: what could not be signed at the first try keeps its own.
CREATE TABLE certificate_numbers (
    id     TEXT    NOT NULL PRIMARY KEY,
    year   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    UNIQUE (year, number)
) STRICT;
