-- +goose Up
-- Earlier major versions of live LIDs, which answer on until their sunset. The
-- row stays afterwards, so that who calls is told what to call instead.
CREATE TABLE catalog_version (
    address  TEXT   NOT NULL,
    major    TEXT   NOT NULL,
    agency   TEXT   NOT NULL,
    legacy   TEXT   UNIQUE,   -- the older call address, which goes on naming this version
    document TEXT   NOT NULL, -- the spec as it was live, as JSON
    since    BIGINT NOT NULL, -- when the next major version went live, milliseconds
    sunset   BIGINT NOT NULL, -- when this one ends, milliseconds
    PRIMARY KEY (address, major)
);
