-- +goose Up
-- Who looked at whose data. Derived from the journals and can be made anew: see
-- internal/exchange/tracker. One row for each person of a sealed exchange.
CREATE TABLE tracker_access (
    exchange             TEXT   NOT NULL,
    person               TEXT   NOT NULL, -- pseudonym: "2026-11:W3kq…"
    journal              TEXT   NOT NULL,
    sequence             BIGINT NOT NULL,
    opened_at            BIGINT NOT NULL,
    consumer_application TEXT   NOT NULL,
    consumer_agency      TEXT   NOT NULL,
    address              TEXT   NOT NULL,
    version              TEXT   NOT NULL,
    provider_agency      TEXT   NOT NULL,
    grant_id             TEXT   NOT NULL,
    purpose              TEXT   NOT NULL,
    basis                TEXT   NOT NULL,
    fields               TEXT   NOT NULL, -- dotted paths with spaces between them; '': every field
    case_number          TEXT   NOT NULL,
    outcome              TEXT   NOT NULL, -- '': the provider answered
    status               BIGINT NOT NULL,
    unnamed              BIGINT NOT NULL, -- further persons of the exchange that have no row
    PRIMARY KEY (exchange, person)
);
CREATE INDEX tracker_access_person ON tracker_access (person, opened_at);
CREATE INDEX tracker_access_consumer ON tracker_access (consumer_application, opened_at);
CREATE INDEX tracker_access_time ON tracker_access (opened_at);
CREATE INDEX tracker_access_journal ON tracker_access (journal);

-- How far each journal has been read, and how long it was then. again: its holder
-- drops its rows and begins anew.
CREATE TABLE tracker_position (
    journal  TEXT    PRIMARY KEY,
    sequence BIGINT  NOT NULL,
    seen     BIGINT  NOT NULL,
    moved_at BIGINT  NOT NULL,
    again    BOOLEAN NOT NULL
);

-- Nothing from before the time (ms) is kept, also when journals are read anew.
CREATE TABLE tracker_floor (
    name TEXT   PRIMARY KEY,
    at   BIGINT NOT NULL
);
