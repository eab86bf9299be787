-- +goose Up
-- A change of a LID's contract that breaks consumers, put before them. contract
-- is the digest of the contract that is planned; document is the spec as JSON.
CREATE TABLE catalog_plan (
    address  TEXT   NOT NULL,
    contract TEXT   NOT NULL,
    agency   TEXT   NOT NULL, -- that provides
    author   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    version  TEXT   NOT NULL,
    document TEXT   NOT NULL,
    PRIMARY KEY (address, contract)
);

-- What each agency that may call says to it; the last word counts.
CREATE TABLE catalog_consent (
    address  TEXT   NOT NULL,
    contract TEXT   NOT NULL,
    agency   TEXT   NOT NULL, -- that is asked
    provider TEXT   NOT NULL,
    verdict  TEXT   NOT NULL CHECK (verdict IN ('asked', 'consents', 'objects')),
    reason   TEXT   NOT NULL,
    author   TEXT   NOT NULL,
    at       BIGINT NOT NULL, -- 0: not yet
    PRIMARY KEY (address, contract, agency),
    FOREIGN KEY (address, contract) REFERENCES catalog_plan (address, contract)
);
