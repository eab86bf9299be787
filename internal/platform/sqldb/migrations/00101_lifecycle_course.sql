-- +goose Up
-- Where every LID stands. seq numbers its entries; due is 0 where the step has
-- no timer, and basis names the model and calendar by which it was reckoned.
-- told is how far people were told of a step that is late: 0 not, 1 those who
-- act in it, 2 those above them.
CREATE TABLE lifecycle_course (
    address TEXT   PRIMARY KEY,
    agency  TEXT   NOT NULL REFERENCES agency_agency (id),
    step    TEXT   NOT NULL,
    state   TEXT   NOT NULL CHECK (state IN ('draft', 'published', 'deprecated', 'retired')),
    seq     BIGINT NOT NULL,
    since   BIGINT NOT NULL,
    due     BIGINT NOT NULL,
    basis   TEXT   NOT NULL,
    mover   TEXT   NOT NULL,
    told    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX lifecycle_course_due ON lifecycle_course (due, address);
CREATE INDEX lifecycle_course_agency ON lifecycle_course (agency, due, address);
CREATE INDEX lifecycle_course_step ON lifecycle_course (step);

-- Every step that was made. A row is never changed.
CREATE TABLE lifecycle_entry (
    address   TEXT   NOT NULL,
    seq       BIGINT NOT NULL,
    agency    TEXT   NOT NULL,
    from_step TEXT   NOT NULL, -- '' where the LID was new
    step      TEXT   NOT NULL,
    state     TEXT   NOT NULL CHECK (state IN ('draft', 'published', 'deprecated', 'retired')),
    title_id  TEXT   NOT NULL, -- of the step, as it was called then
    title_en  TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    mover     TEXT   NOT NULL, -- an account, a token's ID, or the hub
    second    TEXT   NOT NULL DEFAULT '', -- who approved it, where it took two people
    note      TEXT   NOT NULL DEFAULT '',
    model     TEXT   NOT NULL, -- day from which the model of the moment was in force
    PRIMARY KEY (address, seq)
);
