-- An id that stands for anything that ever arrived, of whichever kind, is nobody else's for anything.
CREATE INDEX acknowledgements_by_id ON acknowledgements (id);

-- When a payment page was opened, by the town's clock, in milliseconds: what a device says of the time is no measure.
ALTER TABLE carts ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
UPDATE carts SET at = unixepoch() * 1000;
