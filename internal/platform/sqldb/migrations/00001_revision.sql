-- +goose Up
-- The log of control-plane changes: what changed, not how. See sqldb/revision.go.
CREATE TABLE revision (
    seq  BIGINT PRIMARY KEY,
    kind TEXT   NOT NULL,
    id   TEXT   NOT NULL,
    at   BIGINT NOT NULL
);
