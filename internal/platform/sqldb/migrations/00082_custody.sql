-- +goose Up
-- Exports of the hub's keys that two people agreed on, encrypted to a recipient
-- of the proposer's (age, ASCII armour). The file goes when it was fetched, or
-- when its time is over; that it was there stays.
CREATE TABLE custody_export (
    id               TEXT   PRIMARY KEY, -- of the proposal
    proposer         TEXT   NOT NULL,
    proposer_account TEXT   NOT NULL,
    recipient        TEXT   NOT NULL,
    file             TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    fetched_at       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX custody_export_expires ON custody_export (expires_at);
