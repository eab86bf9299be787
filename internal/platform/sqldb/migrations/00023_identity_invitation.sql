-- +goose Up
-- Codes by which a person joins, or comes back after losing every credential.
-- A code is stored as its SHA-256, and works once. Times are 0 where it has not
-- happened.
CREATE TABLE identity_invitation (
    id           TEXT   PRIMARY KEY,
    account      TEXT   NOT NULL REFERENCES identity_account (id),
    agency       TEXT   NOT NULL, -- the account's
    purpose      TEXT   NOT NULL CHECK (purpose IN ('join', 'recover')),
    digest       TEXT   NOT NULL UNIQUE,
    created_by   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT NOT NULL DEFAULT 0,
    withdrawn_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX identity_invitation_account ON identity_invitation (account, created_at);
CREATE INDEX identity_invitation_agency ON identity_invitation (agency, created_at);
