-- +goose Up
-- Roles that people took in an emergency, for a short time. reason is sealed by
-- the vault. A row is never deleted.
CREATE TABLE identity_emergency (
    id          TEXT    PRIMARY KEY,
    account     TEXT    NOT NULL REFERENCES identity_account (id),
    agency      TEXT    NOT NULL, -- the account's
    national    BOOLEAN NOT NULL,
    role        TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    begun_at    BIGINT  NOT NULL,
    until       BIGINT  NOT NULL CHECK (until > begun_at),
    ended_at    BIGINT  NOT NULL DEFAULT 0, -- 0: not yet noted, see until
    ended_by    TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX identity_emergency_account ON identity_emergency (account, begun_at);
CREATE INDEX identity_emergency_agency ON identity_emergency (agency, begun_at);
CREATE INDEX identity_emergency_running ON identity_emergency (until) WHERE ended_at = 0;
