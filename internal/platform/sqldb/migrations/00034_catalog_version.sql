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

-- The major version of what stands in document. It is part of a key, so that on
-- PostgreSQL its change waits for whoever is referring to the LID, such as a
-- grant that is being given: else that grant would not be pinned.
ALTER TABLE catalog_lid ADD COLUMN major TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX catalog_lid_major ON catalog_lid (address, major);
