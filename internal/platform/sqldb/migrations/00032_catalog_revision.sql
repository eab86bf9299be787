-- +goose Up
-- What a LID was, each time that it changed: rows are added and never altered or
-- removed, also when the LID is. document is the spec as JSON; digest is the
-- SHA-256 of the document in its canonical form, contract that of the contract
-- in it, "" for none. author is who stored it, "" where nobody wrote it down. A
-- LID of a database without this table gets its first row when it changes next.
CREATE TABLE catalog_revision (
    address  TEXT   NOT NULL,
    number   BIGINT NOT NULL CHECK (number > 0),
    agency   TEXT   NOT NULL,
    digest   TEXT   NOT NULL,
    contract TEXT   NOT NULL,
    author   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    version  TEXT   NOT NULL,
    state    TEXT   NOT NULL CHECK (state IN ('draft', 'published', 'deprecated', 'retired')),
    document TEXT   NOT NULL,
    PRIMARY KEY (address, number)
);
