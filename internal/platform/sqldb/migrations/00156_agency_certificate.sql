-- +goose Up
-- TLS certificates by which an application proves itself to the gateway: one by
-- its SHA-256, or whatever an authority has issued to a subject. A revoked one is
-- kept, so that its holder is told so.
CREATE TABLE agency_certificate (
    id            TEXT   PRIMARY KEY,
    application   TEXT   NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    agency        TEXT   NOT NULL REFERENCES agency_agency (id),
    label         TEXT   NOT NULL DEFAULT '',
    thumbprint    TEXT   NOT NULL DEFAULT '', -- base64url; '' where it is by subject
    subject       TEXT   NOT NULL DEFAULT '', -- as RFC 4514 writes it; for people where it is by thumbprint
    authority     TEXT   NOT NULL DEFAULT '', -- certificate of the authority, PEM; '' where it is by thumbprint
    authority_key TEXT   NOT NULL DEFAULT '', -- SHA-256 of the authority's public key
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL DEFAULT 0,  -- 0 where it is not known
    revoked_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX agency_certificate_application ON agency_certificate (application, id);
CREATE UNIQUE INDEX agency_certificate_thumbprint ON agency_certificate (thumbprint) WHERE thumbprint <> '';
CREATE UNIQUE INDEX agency_certificate_issued ON agency_certificate (subject, authority_key) WHERE authority_key <> '';
