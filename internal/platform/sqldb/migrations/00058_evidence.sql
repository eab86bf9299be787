-- +goose Up
-- Journals that have ended, and which one went on for them: after a restore the old log
-- must not be continued. Root and rest are base64; see internal/exchange/evidence/ending.go.
CREATE TABLE evidence_ending (
    journal   TEXT   PRIMARY KEY,
    successor TEXT   NOT NULL,
    last      BIGINT NOT NULL, -- record
    at        BIGINT NOT NULL,
    cause     TEXT   NOT NULL,
    entries   BIGINT NOT NULL, -- of its log
    root      TEXT   NOT NULL,
    covered   BIGINT NOT NULL, -- the last record that these cover
    rest      TEXT   NOT NULL
);
