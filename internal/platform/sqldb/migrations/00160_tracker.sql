-- +goose Up
-- Keys by which pseudonyms of persons are made, one for each month of UTC, sealed
-- by the vault. A destroyed key leaves its row with sealed = '': it is never made
-- again, and that month's pseudonyms are nobody's.
CREATE TABLE tracker_key (
    month        TEXT   PRIMARY KEY, -- "2026-11"
    sealed       TEXT   NOT NULL,
    made_at      BIGINT NOT NULL,
    destroyed_at BIGINT NOT NULL     -- 0: it is kept
);
