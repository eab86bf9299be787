-- +goose Up
-- One row per LID. document is the resource's spec as JSON, opaque to SQL;
-- what is searched by or ruled on has a column of its own.
CREATE TABLE catalog_lid (
    address    TEXT   PRIMARY KEY,
    agency     TEXT   NOT NULL REFERENCES agency_agency (id),
    class      TEXT   NOT NULL CHECK (class IN ('terbuka', 'terbatas', 'tertutup')),
    state      TEXT   NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    title      TEXT   NOT NULL,
    legacy     TEXT   UNIQUE, -- "agency/context/version" of the older call address
    document   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX catalog_lid_agency ON catalog_lid (agency, address);

-- Whose an address is, for ever: the row stays when the LID is deleted.
CREATE TABLE catalog_address (
    address TEXT    PRIMARY KEY,
    agency  TEXT    NOT NULL,
    retired BOOLEAN NOT NULL
);
