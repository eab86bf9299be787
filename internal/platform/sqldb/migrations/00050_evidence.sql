-- +goose Up
-- All of this is derived from the journal of each gateway and can be rebuilt
-- from it: see internal/exchange/evidence. journal and sequence say where the
-- record is; texts are '' and numbers 0 where the record says nothing.
CREATE TABLE evidence_exchange (
    id                   TEXT   PRIMARY KEY,
    journal              TEXT   NOT NULL,
    sequence             BIGINT NOT NULL,
    state                TEXT   NOT NULL CHECK (state IN ('opened', 'sealed')),
    opened_at            BIGINT NOT NULL,
    consumer_application TEXT   NOT NULL,
    consumer_agency      TEXT   NOT NULL,
    provider_agency      TEXT   NOT NULL,
    address              TEXT   NOT NULL,
    version              TEXT   NOT NULL,
    class                TEXT   NOT NULL,
    method               TEXT   NOT NULL,
    path                 TEXT   NOT NULL,
    grant_id             TEXT   NOT NULL,
    purpose              TEXT   NOT NULL,
    status               BIGINT NOT NULL,
    outcome              TEXT   NOT NULL,
    request_digest       TEXT   NOT NULL,
    response_digest      TEXT   NOT NULL,
    request_bytes        BIGINT NOT NULL,
    response_bytes       BIGINT NOT NULL,
    latency_us           BIGINT NOT NULL,
    upstream_us          BIGINT NOT NULL
);
CREATE INDEX evidence_exchange_time ON evidence_exchange (opened_at, id);
CREATE INDEX evidence_exchange_consumer ON evidence_exchange (consumer_agency, opened_at, id);
CREATE INDEX evidence_exchange_provider ON evidence_exchange (provider_agency, opened_at, id);
CREATE INDEX evidence_exchange_failed ON evidence_exchange (opened_at, id) WHERE outcome <> '';

-- Sealed exchanges by the hour (hours since the Unix epoch) in which they were
-- sealed, so that counting a day does not read its exchanges.
CREATE TABLE evidence_traffic (
    journal         TEXT   NOT NULL,
    hour            BIGINT NOT NULL,
    consumer_agency TEXT   NOT NULL,
    provider_agency TEXT   NOT NULL,
    sealed          BIGINT NOT NULL,
    delivered       BIGINT NOT NULL,
    PRIMARY KEY (journal, hour, consumer_agency, provider_agency)
);
CREATE INDEX evidence_traffic_hour ON evidence_traffic (hour);

-- How far each journal has been read into the tables above.
CREATE TABLE evidence_position (
    journal  TEXT   PRIMARY KEY,
    sequence BIGINT NOT NULL
);
