-- +goose Up
-- The keys that seal the personal part of records, one for each class and month,
-- themselves sealed by the vault. id is class/YYYY-MM, month counts from the year 0.
CREATE TABLE evidence_key (
    id         TEXT   PRIMARY KEY,
    class      TEXT   NOT NULL CHECK (class IN ('terbuka', 'terbatas', 'tertutup')),
    month      BIGINT NOT NULL,
    sealed     BYTEA  NOT NULL,
    created_at BIGINT NOT NULL
);

-- Keys that were destroyed: with them went what they sealed.
CREATE TABLE evidence_key_end (
    id     TEXT   PRIMARY KEY,
    class  TEXT   NOT NULL,
    month  BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    actor  TEXT   NOT NULL,
    reason TEXT   NOT NULL
);

-- Up to which sequence records of a journal were removed at the end of their
-- retention. It is written before the files go: of files that are gone and not
-- covered here somebody else is the cause.
CREATE TABLE evidence_removal (
    journal TEXT   PRIMARY KEY,
    through BIGINT NOT NULL,
    at      BIGINT NOT NULL
);
