-- When no refresh token of a session can be good any more: only then may it be forgotten, for a session that is not known
-- is taken for one that an older copy of the register has lost.
ALTER TABLE sessions ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 9223372036854775807;
-- Those of before: 400 days from now, as long as a refresh token is good at most.
UPDATE sessions SET expires_at = (unixepoch() + 400 * 86400) * 1000;
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);
