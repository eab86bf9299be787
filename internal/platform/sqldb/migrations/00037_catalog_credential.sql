-- +goose Up
-- The header with which the hub proves itself to a LID's origin. The value is
-- sealed; it is sent to the origin that it was set for, and to no other.
CREATE TABLE catalog_credential (
    address    TEXT   PRIMARY KEY REFERENCES catalog_lid (address) ON DELETE CASCADE,
    agency     TEXT   NOT NULL,
    origin     TEXT   NOT NULL, -- scheme://host:port
    header     TEXT   NOT NULL,
    sealed     TEXT   NOT NULL, -- base64
    print      TEXT   NOT NULL, -- random, another one for each value
    updated_at BIGINT NOT NULL
);
