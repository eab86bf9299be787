-- +goose Up
-- Tokens for the control API, and browser sessions that began with one. Both
-- are stored as the SHA-256 of the secret. agency is '' for a national role.
CREATE TABLE identity_token (
    id         TEXT   PRIMARY KEY,
    digest     TEXT   NOT NULL UNIQUE,
    role       TEXT   NOT NULL,
    agency     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE identity_session (
    digest     TEXT   PRIMARY KEY,
    token      TEXT   NOT NULL REFERENCES identity_token (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_session_expires ON identity_session (expires_at);
