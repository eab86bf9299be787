-- +goose Up
-- 0 means without end: keys from before keys had one.
ALTER TABLE agency_key ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agency_key ADD COLUMN used_day BIGINT NOT NULL DEFAULT 0; -- start of the day (UTC) of its last use; 0 for never
ALTER TABLE agency_key ADD COLUMN replaces TEXT NOT NULL DEFAULT '';  -- the key that it was made to follow
CREATE INDEX agency_key_expires ON agency_key (expires_at);

ALTER TABLE agency_application ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]'; -- JSON array of networks
ALTER TABLE agency_application ADD COLUMN unit TEXT NOT NULL DEFAULT '';

ALTER TABLE agency_agency ADD COLUMN parent TEXT NOT NULL DEFAULT '';
CREATE INDEX agency_agency_parent ON agency_agency (parent);
