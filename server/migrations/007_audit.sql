-- The lines of the audit by matter: whose reading is asked for is found without reading everybody's.
CREATE TABLE audit_matters (
    matter TEXT    NOT NULL,
    n      INTEGER NOT NULL REFERENCES audit (n),
    PRIMARY KEY (matter, n)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO audit_matters SELECT value, n FROM audit, json_each(audit.matters);

-- Who brought which file: an operator gives only what they brought.
CREATE TABLE brought (
    sha256   TEXT NOT NULL,
    operator TEXT NOT NULL,
    PRIMARY KEY (sha256, operator)
) STRICT, WITHOUT ROWID;
