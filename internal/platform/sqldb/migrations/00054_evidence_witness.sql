-- +goose Up
-- Checkpoints of evidence logs that witnesses cosigned: the newest of each
-- witness, and of each day (UTC) the last. size is the number of entries, root
-- hexadecimal, note the checkpoint as the log signed it, line the cosignature (C2SP
-- tlog-cosignature), witness the key that made it. Times are ms.
CREATE TABLE evidence_cosignature (
    origin  TEXT   NOT NULL,
    witness TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    day     BIGINT NOT NULL,
    root    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    note    TEXT   NOT NULL,
    line    TEXT   NOT NULL,
    PRIMARY KEY (origin, witness, size, day)
);
CREATE INDEX evidence_cosignature_size ON evidence_cosignature (origin, size);

-- Where each witness stands with each log; 0 is never.
CREATE TABLE evidence_witness (
    origin      TEXT   NOT NULL,
    witness     TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    since       BIGINT NOT NULL,
    tried_at    BIGINT NOT NULL,
    failures    BIGINT NOT NULL,
    claimed     BIGINT NOT NULL,
    size        BIGINT NOT NULL,
    cosigned_at BIGINT NOT NULL,
    PRIMARY KEY (origin, witness)
);
