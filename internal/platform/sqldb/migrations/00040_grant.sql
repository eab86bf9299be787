-- +goose Up
-- A grant belongs to the provider, who decides, and is visible to the consumer.
CREATE TABLE grant_grant (
    id           TEXT    PRIMARY KEY,
    lid          TEXT    NOT NULL REFERENCES catalog_lid (address),
    provider     TEXT    NOT NULL REFERENCES agency_agency (id),
    application  TEXT    NOT NULL REFERENCES agency_application (id),
    consumer     TEXT    NOT NULL REFERENCES agency_agency (id),
    purpose      TEXT    NOT NULL,
    legal_basis  TEXT    NOT NULL,
    fields       TEXT    NOT NULL, -- JSON array of dotted paths
    rate_per_min BIGINT  NOT NULL DEFAULT 0,
    valid_from   BIGINT  NOT NULL,
    valid_until  BIGINT  NOT NULL DEFAULT 0, -- 0: without end
    suspended    BOOLEAN NOT NULL DEFAULT FALSE,
    created_at   BIGINT  NOT NULL,
    updated_at   BIGINT  NOT NULL
);
CREATE INDEX grant_grant_provider ON grant_grant (provider, id);
CREATE INDEX grant_grant_consumer ON grant_grant (consumer, id);
CREATE UNIQUE INDEX grant_grant_pair ON grant_grant (application, lid);
