-- +goose Up
-- An agency's own OpenID provider, with which its people sign in.
CREATE TABLE signin_upstream (
    agency     TEXT    PRIMARY KEY REFERENCES agency_agency (id) ON DELETE CASCADE,
    issuer     TEXT    NOT NULL,
    client     TEXT    NOT NULL,
    secret     TEXT    NOT NULL,              -- sealed, base64
    claim      TEXT    NOT NULL,              -- that carries the account's name
    domain     TEXT    NOT NULL,              -- what stands after the @ in it; '' for nothing
    required   BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL
);

-- Which subject of the provider an account belongs to, noted at its first
-- sign-in: a name that is given to somebody else later does not open it.
CREATE TABLE signin_subject (
    account  TEXT   PRIMARY KEY,
    agency   TEXT   NOT NULL,
    issuer   TEXT   NOT NULL,
    subject  TEXT   NOT NULL,                 -- keyed digest
    noted_at BIGINT NOT NULL
);
