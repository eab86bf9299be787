-- +goose Up
-- Authorization servers of others, whose access tokens the gateway believes.
-- spec is the declaration without its clients, JSON, opaque to the database.
CREATE TABLE issuer_issuer (
    id         TEXT   PRIMARY KEY,
    issuer     TEXT   NOT NULL UNIQUE, -- iss of its tokens, to the letter
    spec       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What a client of the issuer is here. The application's agency may see it.
CREATE TABLE issuer_client (
    issuer      TEXT NOT NULL REFERENCES issuer_issuer (id) ON DELETE CASCADE,
    client      TEXT NOT NULL,
    application TEXT NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    agency      TEXT NOT NULL REFERENCES agency_agency (id),
    PRIMARY KEY (issuer, client)
);
CREATE INDEX issuer_client_application ON issuer_client (application);

-- The keys that were fetched last, so that a hub that starts while the issuer is
-- away goes on with them.
CREATE TABLE issuer_keys (
    issuer     TEXT   PRIMARY KEY REFERENCES issuer_issuer (id) ON DELETE CASCADE,
    source     TEXT   NOT NULL, -- where they were fetched from; keys of another source do not count
    document   TEXT   NOT NULL, -- JWK Set
    fetched_at BIGINT NOT NULL
);

-- Tokens that this hub refuses before they end, by a digest of their jti.
CREATE TABLE issuer_revocation (
    issuer     TEXT   NOT NULL REFERENCES issuer_issuer (id) ON DELETE CASCADE,
    digest     TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, digest)
);
CREATE INDEX issuer_revocation_expires ON issuer_revocation (expires_at);
