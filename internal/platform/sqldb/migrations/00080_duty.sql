-- +goose Up
-- What waits for, or had, a second person. Content, the state before it, and
-- the words of people are sealed by the vault (base64); their SHA-256 is not.
-- agency is '' where the matter is the nation's, an account '' for a program.
CREATE TABLE duty_proposal (
    id               TEXT   PRIMARY KEY,
    action           TEXT   NOT NULL,
    subject          TEXT   NOT NULL,
    agency           TEXT   NOT NULL,
    state            TEXT   NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'withdrawn', 'lapsed')),
    proposer         TEXT   NOT NULL,
    proposer_account TEXT   NOT NULL,
    sealed_why       TEXT   NOT NULL,
    sealed_before    TEXT   NOT NULL,
    sealed_content   TEXT   NOT NULL,
    before_digest    TEXT   NOT NULL,
    content_digest   TEXT   NOT NULL,
    decider          TEXT   NOT NULL DEFAULT '',
    decider_account  TEXT   NOT NULL DEFAULT '',
    sealed_reason    TEXT   NOT NULL DEFAULT '',
    failure          TEXT   NOT NULL DEFAULT '', -- why the last execution failed, both languages as JSON
    created_at       BIGINT NOT NULL,
    lapses_at        BIGINT NOT NULL,
    ended_at         BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX duty_proposal_agency ON duty_proposal (agency, state, id);
CREATE INDEX duty_proposal_lapses ON duty_proposal (state, lapses_at);
