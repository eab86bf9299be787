-- +goose Up
-- What follows a LID that is deprecated or retired, for whoever calls it.
ALTER TABLE catalog_address ADD COLUMN successor  TEXT    NOT NULL DEFAULT '';
ALTER TABLE catalog_address ADD COLUMN retired_at BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE catalog_address ADD COLUMN unseen     BOOLEAN NOT NULL DEFAULT FALSE; -- retired as a draft: nobody but its owner knows of it
