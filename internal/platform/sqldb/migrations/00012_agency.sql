-- +goose Up
-- How far an agency is admitted, and why it is suspended. An agency without a
-- row is operational: it was there before there were approvals.
CREATE TABLE agency_standing (
    agency           TEXT   PRIMARY KEY REFERENCES agency_agency (id) ON DELETE CASCADE,
    standing         TEXT   NOT NULL CHECK (standing IN ('admitted', 'trial', 'operational')),
    letter_number    TEXT   NOT NULL DEFAULT '',
    letter_date      TEXT   NOT NULL DEFAULT '', -- ISO 8601, a day
    decided_by       TEXT   NOT NULL DEFAULT '',
    decided_at       BIGINT NOT NULL DEFAULT 0,
    suspended_reason TEXT   NOT NULL DEFAULT '',
    suspended_by     TEXT   NOT NULL DEFAULT '',
    suspended_at     BIGINT NOT NULL DEFAULT 0
);

-- Networks from which an agency's applications may call. Without a row, or with
-- an empty list, they may call from anywhere.
CREATE TABLE agency_allowlist (
    agency     TEXT   PRIMARY KEY REFERENCES agency_agency (id) ON DELETE CASCADE,
    addresses  TEXT   NOT NULL, -- JSON array
    updated_at BIGINT NOT NULL
);
