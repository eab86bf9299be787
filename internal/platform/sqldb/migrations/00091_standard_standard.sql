-- +goose Up
-- One row per version of a data standard (Standar Data). document is the spec
-- as JSON; what is searched by or ruled on has a column of its own.
CREATE TABLE standard_version (
    standard         TEXT   NOT NULL,
    version          BIGINT NOT NULL CHECK (version > 0),
    agency           TEXT   NOT NULL REFERENCES agency_agency (id),
    authority        TEXT   NOT NULL,
    state            TEXT   NOT NULL CHECK (state IN ('draft', 'proposed', 'approved', 'withdrawn')),
    folded           TEXT   NOT NULL, -- name, concept and field in small letters, for searching
    document         TEXT   NOT NULL,
    author           TEXT   NOT NULL, -- who wrote it last: token or account
    author_account   TEXT   NOT NULL DEFAULT '',
    proposer         TEXT   NOT NULL DEFAULT '',
    proposer_account TEXT   NOT NULL DEFAULT '',
    decider          TEXT   NOT NULL DEFAULT '',
    decided_at       BIGINT NOT NULL DEFAULT 0,
    note             TEXT   NOT NULL DEFAULT '',
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    PRIMARY KEY (standard, version)
);
CREATE INDEX standard_version_agency ON standard_version (agency, standard);
