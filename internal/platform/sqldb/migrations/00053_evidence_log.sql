-- +goose Up
-- Keys with which the hub signs the checkpoints of its evidence logs, one log for
-- each journal. The private key is sealed by the vault (base64). A key is never
-- removed: proofs are checked with it for as long as anybody has one.
-- Size and root are the largest head that was published and noted here: a log
-- that no longer holds it is not the log that others have seen.
CREATE TABLE evidence_log (
    journal    TEXT   PRIMARY KEY,
    origin     TEXT   NOT NULL UNIQUE,
    verifier   TEXT   NOT NULL,            -- public, as golang.org/x/mod/sumdb/note writes it
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    size       BIGINT NOT NULL DEFAULT 0,  -- entries
    root       TEXT   NOT NULL DEFAULT ''  -- base64
);
