-- +goose Up
CREATE TABLE agency_agency (
    id         TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    level      TEXT    NOT NULL CHECK (level IN ('nasional', 'provinsi', 'kabupaten', 'kota')),
    region     TEXT    NOT NULL DEFAULT '',
    suspended  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL
);

CREATE TABLE agency_application (
    id          TEXT   PRIMARY KEY,
    agency      TEXT   NOT NULL REFERENCES agency_agency (id),
    name        TEXT   NOT NULL,
    description TEXT   NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX agency_application_agency ON agency_application (agency, id);

-- A key is stored as the SHA-256 of its text; the text is shown once.
CREATE TABLE agency_key (
    id          TEXT   PRIMARY KEY,
    application TEXT   NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    agency      TEXT   NOT NULL REFERENCES agency_agency (id),
    label       TEXT   NOT NULL DEFAULT '',
    digest      TEXT   NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL
);
CREATE INDEX agency_key_application ON agency_key (application, id);
