-- +goose Up
-- Nothing that was opened before the floor (ms) is in the view, also when it is
-- read from the journals again. It only rises. No row: nothing was ever dropped.
CREATE TABLE evidence_floor (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    at BIGINT NOT NULL
);
