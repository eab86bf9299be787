-- +goose Up
-- Which key file this database was sealed with, as a digest under one of its
-- keys: one row. See internal/platform/vault.
CREATE TABLE vault_proof (
    id     BIGINT PRIMARY KEY CHECK (id = 1),
    digest TEXT   NOT NULL
);
