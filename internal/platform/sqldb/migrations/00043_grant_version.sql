-- +goose Up
-- The major version of the contract that the holder builds on; '' follows the newest.
ALTER TABLE grant_grant ADD COLUMN version TEXT NOT NULL DEFAULT '';
CREATE INDEX grant_grant_lid ON grant_grant (lid, version);
