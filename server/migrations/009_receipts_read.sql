-- Receipts of pagoPA that were asked for: booked, so that none is fetched again, or to be asked for again at a moment, in milliseconds.
CREATE TABLE receipts_read (
    creditor TEXT NOT NULL,
    iuv      TEXT NOT NULL,
    again_at INTEGER,
    PRIMARY KEY (creditor, iuv)
) STRICT, WITHOUT ROWID;

-- The last moment at which every receipt of a creditor had been looked at, in milliseconds.
CREATE TABLE receipts_looked_at (
    creditor TEXT PRIMARY KEY,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Offices name a debtor by tax code.
CREATE INDEX residents_by_tax_code ON records (body ->> '$.tax_code') WHERE collection = 'residents' AND NOT deleted;
