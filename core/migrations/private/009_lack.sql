-- What was missing at the last try: 0 nothing that is known, 1 the network, 2 room at the town.
ALTER TABLE outbox RENAME COLUMN no_network TO lack;
