-- +goose Up
-- What each role may do. The standard roles are put in when the hub starts.
-- permissions are separated by spaces.
CREATE TABLE identity_role (
    name        TEXT    PRIMARY KEY,
    title_id    TEXT    NOT NULL,
    title_en    TEXT    NOT NULL,
    reach       TEXT    NOT NULL CHECK (reach IN ('agency', 'nation', 'either')),
    permissions TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL
);
