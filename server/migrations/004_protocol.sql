-- The register of protocol numbers: one series for each year, whatever is registered.
CREATE TABLE protocols (
    year INTEGER NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
