-- +goose Up
-- A person asks an agency why it looked at their data. Whoever has the number
-- sees state and answer. Texts are sealed by the vault.
CREATE TABLE tracker_question (
    number          TEXT   PRIMARY KEY,
    exchange        TEXT   NOT NULL,
    person          TEXT   NOT NULL, -- pseudonym, as the exchange has it
    agency          TEXT   NOT NULL, -- that has to answer: the consumer's
    sealed_question TEXT   NOT NULL,
    asked_at        BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    told            BIGINT NOT NULL, -- 0: the desk; 1: reminded; 2: the national operator too
    state           TEXT   NOT NULL CHECK (state IN ('open', 'answered')),
    sealed_answer   TEXT   NOT NULL,
    answered_by     TEXT   NOT NULL,
    answered_at     BIGINT NOT NULL  -- 0: not yet
);
CREATE INDEX tracker_question_agency ON tracker_question (agency, state, due_at);
CREATE UNIQUE INDEX tracker_question_once ON tracker_question (exchange, person);
