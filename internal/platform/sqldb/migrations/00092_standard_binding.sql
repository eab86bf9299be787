-- +goose Up
-- Which field of which LID follows which standard and takes its values from
-- which list. published says that the LID was published when it was bound.
CREATE TABLE standard_binding (
    address    TEXT    NOT NULL,
    field      TEXT    NOT NULL,
    agency     TEXT    NOT NULL REFERENCES agency_agency (id),
    published  BOOLEAN NOT NULL,
    standard   TEXT    NOT NULL DEFAULT '',
    version    BIGINT  NOT NULL DEFAULT 0,
    list       TEXT    REFERENCES standard_list (id), -- NULL for none
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    PRIMARY KEY (address, field)
);
CREATE INDEX standard_binding_standard ON standard_binding (standard, address);
CREATE INDEX standard_binding_list ON standard_binding (list, address);
