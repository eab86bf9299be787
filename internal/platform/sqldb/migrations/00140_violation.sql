-- +goose Up
-- What passed through the hub and was not what its contract says, by the hour
-- (milliseconds at which it began). Nothing of a message is here: place is a JSON
-- Pointer in the contract's own names, or the name of a parameter.
CREATE TABLE violation_count (
    address         TEXT    NOT NULL,
    hour            BIGINT  NOT NULL,
    application     TEXT    NOT NULL,
    version         TEXT    NOT NULL,
    method          TEXT    NOT NULL,
    path            TEXT    NOT NULL,
    direction       TEXT    NOT NULL CHECK (direction IN ('request', 'response')),
    place           TEXT    NOT NULL,
    keyword         TEXT    NOT NULL,
    enforced        BOOLEAN NOT NULL, -- the message was not passed on
    provider_agency TEXT    NOT NULL,
    consumer_agency TEXT    NOT NULL,
    expected_id     TEXT    NOT NULL,
    expected_en     TEXT    NOT NULL,
    amount          BIGINT  NOT NULL,
    PRIMARY KEY (address, hour, application, version, method, path, direction, place, keyword, enforced)
);
CREATE INDEX violation_count_hour ON violation_count (hour);

-- Exchanges that are examples of a kind of violation.
CREATE TABLE violation_sample (
    exchange        TEXT    NOT NULL,
    direction       TEXT    NOT NULL CHECK (direction IN ('request', 'response')),
    place           TEXT    NOT NULL,
    keyword         TEXT    NOT NULL,
    address         TEXT    NOT NULL,
    at              BIGINT  NOT NULL,
    application     TEXT    NOT NULL,
    version         TEXT    NOT NULL,
    method          TEXT    NOT NULL,
    path            TEXT    NOT NULL,
    enforced        BOOLEAN NOT NULL,
    provider_agency TEXT    NOT NULL,
    consumer_agency TEXT    NOT NULL,
    PRIMARY KEY (exchange, direction, place, keyword)
);
CREATE INDEX violation_sample_address ON violation_sample (address, at);
CREATE INDEX violation_sample_at ON violation_sample (at);
