-- +goose Up
-- Reports of feasibility tests. They are written once and never changed.
-- document is the whole report as JSON, opaque to SQL.
CREATE TABLE feasibility_report (
    id         TEXT   PRIMARY KEY,
    address    TEXT   NOT NULL,
    agency     TEXT   NOT NULL REFERENCES agency_agency (id),
    digest     TEXT   NOT NULL, -- of agency, contract, origin and credential
    outcome    TEXT   NOT NULL CHECK (outcome IN ('pass', 'warn', 'fail', 'skipped')),
    asked_by   TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL
);
CREATE INDEX feasibility_report_address ON feasibility_report (address, ended_at);

-- Who lets what be published although its test failed. Everybody may read the
-- reason of one that a published LID stands on.
CREATE TABLE feasibility_waiver (
    address   TEXT   NOT NULL,
    digest    TEXT   NOT NULL,
    agency    TEXT   NOT NULL REFERENCES agency_agency (id),
    principal TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    waived_at BIGINT NOT NULL,
    PRIMARY KEY (address, digest)
);
