-- +goose Up
-- Keys with which the hub signs tokens. The private key is sealed by the vault
-- (base64); nothing else of it is stored, so that whoever writes here without
-- the vault's key adds nothing that is believed.
CREATE TABLE oidc_signing_key (
    id          TEXT   PRIMARY KEY, -- RFC 7638 thumbprint of the public key
    sealed      TEXT   NOT NULL,
    signs_from  BIGINT NOT NULL,
    signs_until BIGINT NOT NULL,
    kept_until  BIGINT NOT NULL,
    CHECK (signs_from < signs_until AND signs_until < kept_until)
);

-- Public keys with which applications authenticate (private_key_jwt).
CREATE TABLE oidc_client_key (
    id          TEXT   PRIMARY KEY,
    application TEXT   NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    agency      TEXT   NOT NULL REFERENCES agency_agency (id),
    thumbprint  TEXT   NOT NULL, -- RFC 7638; the kid of the application's assertions
    jwk         TEXT   NOT NULL,
    label       TEXT   NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL,
    UNIQUE (application, thumbprint)
);
CREATE INDEX oidc_client_key_agency ON oidc_client_key (agency, application);

-- Assertions that were used, until they would have expired: each counts once.
CREATE TABLE oidc_assertion (
    digest     TEXT   PRIMARY KEY, -- SHA-256 of application and jti
    expires_at BIGINT NOT NULL
);
CREATE INDEX oidc_assertion_expires ON oidc_assertion (expires_at);

-- Access tokens that were revoked, until they would have expired.
CREATE TABLE oidc_revocation (
    jti        TEXT   PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX oidc_revocation_expires ON oidc_revocation (expires_at);
