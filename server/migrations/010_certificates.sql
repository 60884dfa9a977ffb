-- The last number of a certificate in each year.
CREATE TABLE certificates (
    year INTEGER NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- Those that wait for something are looked at at each change.
CREATE INDEX certificates_by_state ON records (body ->> '$.state') WHERE collection = 'certificates' AND NOT deleted;
