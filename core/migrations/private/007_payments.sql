-- What is known here alone of whether a notice is paid: the page opened, what it said, what the resident said. Only added to.
CREATE TABLE payment_facts (
    n        INTEGER NOT NULL PRIMARY KEY,
    creditor TEXT    NOT NULL,
    number   TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    fact     TEXT    NOT NULL
) STRICT;
CREATE INDEX payment_facts_number ON payment_facts (creditor, number);

-- Notices read here that are not among what the town told.
CREATE TABLE kept_notices (
    id            TEXT    NOT NULL PRIMARY KEY,
    creditor      TEXT    NOT NULL,
    number        TEXT    NOT NULL,
    amount        INTEGER NOT NULL,
    creditor_name TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    kept_at       INTEGER NOT NULL,
    UNIQUE (creditor, number)
) STRICT;

-- Carts whose payment page was opened: who comes back later is known by them.
CREATE TABLE carts (
    id       TEXT    NOT NULL PRIMARY KEY,
    notices  TEXT    NOT NULL,
    begun_at INTEGER NOT NULL,
    outcome  TEXT
) STRICT;
