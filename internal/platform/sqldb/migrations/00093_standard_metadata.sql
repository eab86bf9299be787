-- +goose Up
-- One row per filled-in form of statistical metadata. document holds its values
-- as JSON; names of persons are not asked for.
CREATE TABLE standard_metadata (
    id                TEXT   PRIMARY KEY,
    form              TEXT   NOT NULL CHECK (form IN ('ms-keg', 'ms-var', 'ms-ind', 'prioritas')),
    agency            TEXT   NOT NULL REFERENCES agency_agency (id),
    lid               TEXT   NOT NULL DEFAULT '',
    state             TEXT   NOT NULL CHECK (state IN ('draft', 'submitted', 'approved')),
    title             TEXT   NOT NULL,
    document          TEXT   NOT NULL,
    author            TEXT   NOT NULL,
    author_account    TEXT   NOT NULL DEFAULT '',
    submitter         TEXT   NOT NULL DEFAULT '',
    submitter_account TEXT   NOT NULL DEFAULT '',
    note              TEXT   NOT NULL DEFAULT '',
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);
CREATE INDEX standard_metadata_agency ON standard_metadata (agency, form, id);
