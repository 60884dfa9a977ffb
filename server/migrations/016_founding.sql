-- Whether this register was founded as a practice town's: it never becomes the other.
CREATE TABLE founding (
    only     INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    practice INTEGER NOT NULL
) STRICT;
