-- +goose Up
-- Units of an agency, a tree. parent is '' at the top.
CREATE TABLE agency_unit (
    agency     TEXT   NOT NULL REFERENCES agency_agency (id) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    parent     TEXT   NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (agency, id)
);
