-- +goose Up
-- How an application signs people in: where the hub may send them, and how the
-- application proves who it is. The declaration is JSON, opaque to the database.
CREATE TABLE oidc_client (
    application TEXT   PRIMARY KEY REFERENCES agency_application (id) ON DELETE CASCADE,
    agency      TEXT   NOT NULL REFERENCES agency_agency (id),
    spec        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX oidc_client_agency ON oidc_client (agency);
