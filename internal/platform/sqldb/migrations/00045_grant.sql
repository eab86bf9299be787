-- +goose Up
-- What a grant on a closed LID rests on, whether it is used rarely, who
-- suspended it, and when both parties heard that nobody uses it.
ALTER TABLE grant_grant ADD COLUMN agreement    TEXT   NOT NULL DEFAULT ''; -- JSON; '' for none
ALTER TABLE grant_grant ADD COLUMN seldom       TEXT   NOT NULL DEFAULT ''; -- why it is used rarely; '' where it is not
ALTER TABLE grant_grant ADD COLUMN suspended_by TEXT   NOT NULL DEFAULT ''; -- principal; 'hub' for disuse
ALTER TABLE grant_grant ADD COLUMN unused_at    BIGINT NOT NULL DEFAULT 0;  -- 0: not told
CREATE INDEX grant_grant_newest ON grant_grant (created_at DESC, id);
CREATE INDEX grant_grant_ending ON grant_grant (valid_until, valid_from, suspended, id); -- also counts what is in effect
