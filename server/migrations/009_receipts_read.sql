-- Receipts of pagoPA that were fetched and booked, so that none is fetched again.
CREATE TABLE receipts_read (
    creditor TEXT NOT NULL,
    iuv      TEXT NOT NULL,
    PRIMARY KEY (creditor, iuv)
) STRICT, WITHOUT ROWID;

-- The last moment at which every receipt of a creditor had been looked at, in milliseconds.
CREATE TABLE receipts_looked_at (
    creditor TEXT PRIMARY KEY,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
