-- +goose Up
-- How long the journal was when its position moved last, and when that was (ms).
-- again: its holder drops what it read and begins anew.
ALTER TABLE evidence_position ADD COLUMN seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE evidence_position ADD COLUMN moved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE evidence_position ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;
