-- +goose Up
-- What assessments ask of agencies, from a day (ISO 8601) on until the next row
-- begins. document is the model as JSON.
CREATE TABLE maturity_model (
    valid_from TEXT   PRIMARY KEY,
    document   TEXT   NOT NULL,
    author     TEXT   NOT NULL,
    updated_at BIGINT NOT NULL
);
