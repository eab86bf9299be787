-- +goose Up
-- When something of the case was last dropped because it was kept long enough;
-- 0 for never.
ALTER TABLE onboarding_form ADD COLUMN pruned_at BIGINT NOT NULL DEFAULT 0;
