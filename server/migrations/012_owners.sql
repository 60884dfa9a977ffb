-- An owner says of which kind it is: `resident:` or `device:` before the id. Devices choose their own ids, and one that had
-- taken a resident's was that resident.
CREATE TEMP TABLE people (id TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT OR IGNORE INTO people SELECT id FROM records WHERE collection = 'residents';
INSERT OR IGNORE INTO people SELECT resident FROM sessions;
INSERT OR IGNORE INTO people SELECT guardian FROM guardians;
INSERT OR IGNORE INTO people SELECT ward FROM guardians;

-- Devices under a resident's id are shut out; what they wrote is the resident's, who sees it already.
DELETE FROM access_tokens WHERE session IN (SELECT id FROM sessions WHERE device IN (SELECT id FROM people));
UPDATE sessions SET ended = 1 WHERE device IN (SELECT id FROM people);
DELETE FROM authorizations WHERE device IN (SELECT id FROM people);
DELETE FROM tokens WHERE device IN (SELECT id FROM people);
DELETE FROM devices WHERE id IN (SELECT id FROM people);

UPDATE records SET owner = CASE WHEN owner IN (SELECT id FROM people) THEN 'resident:' ELSE 'device:' END || owner
    WHERE owner IS NOT NULL;
UPDATE acknowledgements SET owner = CASE WHEN owner IN (SELECT id FROM people) THEN 'resident:' ELSE 'device:' END || owner;
UPDATE uploads SET owner = CASE WHEN owner IN (SELECT id FROM people) THEN 'resident:' ELSE 'device:' END || owner;
UPDATE carts SET owner = CASE WHEN owner IN (SELECT id FROM people) THEN 'resident:' ELSE 'device:' END || owner;
DROP TABLE people;
