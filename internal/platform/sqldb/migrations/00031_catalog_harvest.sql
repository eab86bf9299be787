-- +goose Up
-- Entries of other catalogues, to be found and not to be called. document is
-- what is shown of an entry, as JSON; modified (milliseconds) and digest say
-- which of two deliveries of it is the later one.
CREATE TABLE catalog_harvested (
    source   TEXT   NOT NULL, -- address of the other catalogue
    uri      TEXT   NOT NULL, -- of the entry
    title    TEXT   NOT NULL,
    publisher TEXT NOT NULL,
    modified BIGINT NOT NULL,
    digest   TEXT   NOT NULL,
    document TEXT   NOT NULL,
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (source, uri)
);
