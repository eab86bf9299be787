-- +goose Up
-- Which rows a grant covers, where it comes from, and why it rests.
ALTER TABLE grant_grant ADD COLUMN row_limits TEXT NOT NULL DEFAULT '[]'; -- JSON
ALTER TABLE grant_grant ADD COLUMN request    TEXT NOT NULL DEFAULT '';   -- '' for one that was written directly
ALTER TABLE grant_grant ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';   -- principal
ALTER TABLE grant_grant ADD COLUMN suspended_why TEXT NOT NULL DEFAULT '';

-- A grant that was revoked or deleted.
CREATE TABLE grant_end (
    grant_id    TEXT   NOT NULL,
    lid         TEXT   NOT NULL,
    provider    TEXT   NOT NULL,
    application TEXT   NOT NULL,
    consumer    TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    ended_by    TEXT   NOT NULL,
    ended_at    BIGINT NOT NULL,
    PRIMARY KEY (grant_id, ended_at)
);
CREATE INDEX grant_end_pair ON grant_end (application, lid);
