-- +goose Up
-- Incidents as they were noted. answer is figures as JSON, and names no person:
-- see internal/exchange/incident. Times are ms; 0 where something has not been.
CREATE TABLE incident_case (
    id          TEXT   PRIMARY KEY,
    agency      TEXT   NOT NULL, -- whose case it is; '' for the nation's
    application TEXT   NOT NULL,
    lid         TEXT   NOT NULL, -- '' for every LID
    from_at     BIGINT NOT NULL,
    until_at    BIGINT NOT NULL,
    zone        TEXT   NOT NULL CHECK (zone IN ('WIB', 'WITA', 'WIT')),
    noted_at    BIGINT NOT NULL, -- from when the term counts
    noted_by    TEXT   NOT NULL,
    answer      TEXT   NOT NULL,
    closed_at   BIGINT NOT NULL,
    closed_by   TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX incident_case_order ON incident_case (agency, created_at, id);

-- What people wrote about a case. Nobody changes it.
CREATE TABLE incident_note (
    incident TEXT   NOT NULL REFERENCES incident_case (id),
    number   BIGINT NOT NULL,
    agency   TEXT   NOT NULL, -- of the case
    at       BIGINT NOT NULL,
    by_name  TEXT   NOT NULL,
    text     TEXT   NOT NULL,
    PRIMARY KEY (incident, number)
);
