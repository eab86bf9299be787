-- +goose Up
-- The name by which applications know a person: random, the same for all of
-- them, and never given to another person.
CREATE TABLE oidc_subject (
    account    TEXT   PRIMARY KEY,
    subject    TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- What a person has allowed an application to learn.
CREATE TABLE oidc_consent (
    account     TEXT   NOT NULL,
    application TEXT   NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    scopes      TEXT   NOT NULL, -- with a space between
    given_at    BIGINT NOT NULL,
    PRIMARY KEY (account, application)
);

-- Authorization requests that wait: pushed by an application (RFC 9126), or for
-- a person to sign in and to consent.
CREATE TABLE oidc_request (
    digest      TEXT   PRIMARY KEY, -- of the secret in the address
    application TEXT   NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    pushed      BOOLEAN NOT NULL,
    parameters  TEXT   NOT NULL, -- JSON
    session     TEXT   NOT NULL DEFAULT '', -- in which consent is asked
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX oidc_request_expires ON oidc_request (expires_at);

-- Logins: one person in one application, from the code to the last token.
-- Codes and refresh tokens are kept as digests.
CREATE TABLE oidc_login (
    id           TEXT    PRIMARY KEY,
    application  TEXT    NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    account      TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    session      TEXT    NOT NULL,
    scopes       TEXT    NOT NULL,
    nonce        TEXT    NOT NULL DEFAULT '',
    methods      TEXT    NOT NULL DEFAULT '', -- RFC 8176, with a space between
    signed_in_at BIGINT  NOT NULL,
    redirect_uri TEXT    NOT NULL,
    challenge    TEXT    NOT NULL,
    code         TEXT    NOT NULL UNIQUE,
    code_until   BIGINT  NOT NULL,
    code_used    BOOLEAN NOT NULL,
    family       TEXT    NOT NULL DEFAULT '', -- digest of what all refresh tokens of the login share
    refresh      TEXT    NOT NULL DEFAULT '', -- digest of the one that counts
    created_at   BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    session_ended_at BIGINT NOT NULL DEFAULT 0,
    ended_at     BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX oidc_login_family ON oidc_login (family);
CREATE INDEX oidc_login_session ON oidc_login (session);
CREATE INDEX oidc_login_account ON oidc_login (account, application);
CREATE INDEX oidc_login_expires ON oidc_login (expires_at);
CREATE INDEX oidc_login_ended ON oidc_login (ended_at);
CREATE INDEX oidc_login_session_ended ON oidc_login (session_ended_at);
