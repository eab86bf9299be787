-- +goose Up
-- How long things are kept, where two people have changed it from the default,
-- and when what was over was last dropped.
CREATE TABLE retention_rule (
    kind       TEXT   PRIMARY KEY,
    days       BIGINT NOT NULL CHECK (days > 0),
    basis      TEXT   NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE TABLE retention_run (
    kind    TEXT   PRIMARY KEY,
    at      BIGINT NOT NULL,
    dropped BIGINT NOT NULL
);
