-- The last number of a certificate in each year.
CREATE TABLE certificates (
    year INTEGER NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
