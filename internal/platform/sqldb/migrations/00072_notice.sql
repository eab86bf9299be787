-- +goose Up
-- How people want to hear of what, and in which language. No row: the default.
CREATE TABLE notice_preference (
    account TEXT NOT NULL,
    agency  TEXT NOT NULL,
    subject TEXT NOT NULL, -- group of topics
    way     TEXT NOT NULL CHECK (way IN ('email', 'digest', 'inbox')),
    PRIMARY KEY (account, subject)
);
CREATE TABLE notice_language (
    account  TEXT PRIMARY KEY,
    agency   TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('id', 'en'))
);
