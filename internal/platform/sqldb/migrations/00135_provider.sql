-- +goose Up
-- Canaries that failed and were taken out, by what their provider declared. A row
-- holds until the provider lets the same canary begin anew; another one begins
-- without.
CREATE TABLE provider_fall (
    address TEXT   NOT NULL,
    print   TEXT   NOT NULL,
    agency  TEXT   NOT NULL REFERENCES agency_agency (id),
    calls   BIGINT NOT NULL,
    failed  BIGINT NOT NULL,
    fell_at BIGINT NOT NULL,
    PRIMARY KEY (address, print)
);
