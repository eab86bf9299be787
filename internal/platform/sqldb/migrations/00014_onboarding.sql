-- +goose Up
-- A PIC appointment. What people wrote is sealed by the vault (base64 of JSON).
-- owner is '' until the agency is admitted; until then whoever holds the code
-- fills the form, of which the SHA-256 is kept.
CREATE TABLE onboarding_form (
    id           TEXT   PRIMARY KEY,
    agency       TEXT   NOT NULL DEFAULT '', -- as written in the form
    owner        TEXT   NOT NULL DEFAULT '',
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'accepted', 'locked')),
    code         TEXT   NOT NULL DEFAULT '',
    version      BIGINT NOT NULL DEFAULT 0,  -- the last that was submitted
    draft        TEXT   NOT NULL,            -- sealed
    submitted_at BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX onboarding_form_owner ON onboarding_form (owner) WHERE owner <> '';
CREATE UNIQUE INDEX onboarding_form_code ON onboarding_form (code) WHERE code <> '';
CREATE INDEX onboarding_form_state ON onboarding_form (state, submitted_at);

-- What was submitted, for ever, and what was decided on it.
CREATE TABLE onboarding_version (
    form         TEXT   NOT NULL REFERENCES onboarding_form (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    content      TEXT   NOT NULL,            -- sealed
    author       TEXT   NOT NULL DEFAULT '', -- principal that submitted it; '' for whoever held the code
    outcome      TEXT   NOT NULL DEFAULT '' CHECK (outcome IN ('', 'returned', 'accepted')),
    reasons      TEXT   NOT NULL DEFAULT '', -- sealed
    decided_by   TEXT   NOT NULL DEFAULT '',
    decided_at   BIGINT NOT NULL DEFAULT 0,
    submitted_at BIGINT NOT NULL,
    PRIMARY KEY (form, version)
);

CREATE TABLE onboarding_document (
    id         TEXT   PRIMARY KEY,
    form       TEXT   NOT NULL REFERENCES onboarding_form (id) ON DELETE CASCADE,
    content    TEXT   NOT NULL, -- sealed
    size       BIGINT NOT NULL,
    digest     TEXT   NOT NULL, -- SHA-256 of the document
    created_at BIGINT NOT NULL
);
CREATE INDEX onboarding_document_form ON onboarding_document (form);
