-- +goose Up
-- A request for access is the consumer's, and the provider decides on it. The
-- LID is named, not referred to: what was asked stays when a LID is gone.
CREATE TABLE grant_request (
    id           TEXT   PRIMARY KEY,
    lid          TEXT   NOT NULL,
    provider     TEXT   NOT NULL REFERENCES agency_agency (id),
    application  TEXT   NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    consumer     TEXT   NOT NULL REFERENCES agency_agency (id),
    class        TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('submitted', 'returned', 'approved', 'refused', 'withdrawn', 'lapsed')),
    version      BIGINT NOT NULL,            -- the last that was submitted
    renews       TEXT   NOT NULL DEFAULT '', -- the grant that this would change
    grant_id     TEXT   NOT NULL DEFAULT '', -- the grant that it led to
    proposal     TEXT   NOT NULL DEFAULT '', -- with which a second person was asked last
    due_at       BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX grant_request_provider ON grant_request (provider, state, due_at);
CREATE INDEX grant_request_consumer ON grant_request (consumer, submitted_at);
CREATE UNIQUE INDEX grant_request_open ON grant_request (application, lid) WHERE state IN ('submitted', 'returned');

-- What was submitted, for ever, and what was decided on it.
CREATE TABLE grant_request_version (
    request        TEXT   NOT NULL REFERENCES grant_request (id) ON DELETE CASCADE,
    version        BIGINT NOT NULL,
    content        TEXT   NOT NULL,            -- JSON
    contact        TEXT   NOT NULL,            -- sealed
    author         TEXT   NOT NULL,            -- principal
    author_account TEXT   NOT NULL DEFAULT '', -- '' for a program
    submitted_at   BIGINT NOT NULL,
    outcome        TEXT   NOT NULL DEFAULT '' CHECK (outcome IN ('', 'returned', 'approved', 'refused')),
    reason         TEXT   NOT NULL DEFAULT '',
    given          TEXT   NOT NULL DEFAULT '', -- JSON
    agreement      TEXT   NOT NULL DEFAULT '', -- JSON
    decided_by     TEXT   NOT NULL DEFAULT '',
    decided_at     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (request, version)
);
