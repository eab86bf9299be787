-- +goose Up
-- Somebody of an office opened a person's tracker for them. The person sees it
-- among the accesses. sealed_nik is there until shown_until, for the pages that
-- follow the form, and '' afterwards.
CREATE TABLE tracker_look (
    id          TEXT   PRIMARY KEY,
    person      TEXT   NOT NULL, -- pseudonym of the month of the look
    agency      TEXT   NOT NULL, -- '': of the nation
    principal   TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    sealed_nik  TEXT   NOT NULL,
    looked_at   BIGINT NOT NULL,
    shown_until BIGINT NOT NULL
);
CREATE INDEX tracker_look_person ON tracker_look (person, looked_at);
CREATE INDEX tracker_look_time ON tracker_look (looked_at);
