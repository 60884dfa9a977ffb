-- Which debt a notice number belongs to: a receipt names nothing else.
CREATE TABLE notice_numbers (
    creditor TEXT NOT NULL,
    number   TEXT NOT NULL,
    notice   TEXT NOT NULL,
    PRIMARY KEY (creditor, number)
) STRICT, WITHOUT ROWID;

-- Carts that were opened, so that the same cart again is the same payment page.
CREATE TABLE carts (
    id       TEXT NOT NULL PRIMARY KEY,
    owner    TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    body     TEXT NOT NULL,
    location TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the false payment page of a practice town still has to tell: receipts, each with its moment.
CREATE TABLE receipts_due (
    n    INTEGER NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL,
    body TEXT    NOT NULL
) STRICT;
CREATE INDEX receipts_due_at ON receipts_due (at);
