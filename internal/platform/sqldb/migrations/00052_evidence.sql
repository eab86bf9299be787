-- +goose Up
-- Delivered exchanges of open LIDs that have these columns in common, up to 64
-- that were opened within two seconds, so that an exchange costs a fraction of a
-- row. entries holds what differs, oldest first, in the form that
-- internal/exchange/evidence/pack.go describes; id, journal and sequence are
-- those of the first. An exchange is here or in evidence_exchange, never in both.
CREATE TABLE evidence_page (
    id                   TEXT   PRIMARY KEY,
    journal              TEXT   NOT NULL,
    sequence             BIGINT NOT NULL,
    from_at              BIGINT NOT NULL, -- opened_at of the first, ms
    until_at             BIGINT NOT NULL, -- of the last
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
    count                BIGINT NOT NULL,
    entries              BYTEA  NOT NULL
);
-- from_at: who looks for one moment passes over most pages without reading them.
CREATE INDEX evidence_page_time ON evidence_page (until_at, id, from_at);
CREATE INDEX evidence_page_consumer ON evidence_page (consumer_agency, until_at, id);
CREATE INDEX evidence_page_provider ON evidence_page (provider_agency, until_at, id);
