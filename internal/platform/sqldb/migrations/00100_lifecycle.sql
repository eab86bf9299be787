-- +goose Up
-- The steps of a LID's life: one row per version, in force from its day on.
-- document is the model as JSON.
CREATE TABLE lifecycle_model (
    from_day   TEXT   PRIMARY KEY,
    document   TEXT   NOT NULL,
    author     TEXT   NOT NULL, -- who wrote it: an account, or a token's ID
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Holidays and collective leave: one row per year, document holds its days.
CREATE TABLE lifecycle_year (
    year       BIGINT PRIMARY KEY,
    document   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What the hub has written by itself at its first start, and does not again.
CREATE TABLE lifecycle_seed (
    name TEXT   PRIMARY KEY,
    at   BIGINT NOT NULL
);
