-- +goose Up
-- How people prove who they are. agency is that of the account, '' for the
-- session of a national token.

-- What a person signs in with, beside passkeys.
CREATE TABLE signin_person (
    account     TEXT   PRIMARY KEY,
    agency      TEXT   NOT NULL,
    handle      TEXT   NOT NULL UNIQUE,       -- WebAuthn user handle, base64url; random, tells nothing of the person
    password    TEXT   NOT NULL DEFAULT '',   -- argon2id, PHC string
    password_at BIGINT NOT NULL DEFAULT 0,
    totp        TEXT   NOT NULL DEFAULT '',   -- RFC 6238 secret, sealed, base64
    totp_at     BIGINT NOT NULL DEFAULT 0,
    totp_step   BIGINT NOT NULL DEFAULT 0     -- the last time step whose code was used; an older one is refused
);

CREATE TABLE signin_passkey (
    id              TEXT    PRIMARY KEY,      -- how pages name it
    credential      TEXT    NOT NULL UNIQUE,  -- WebAuthn credential ID, base64url
    account         TEXT    NOT NULL REFERENCES signin_person (account) ON DELETE CASCADE,
    agency          TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    public_key      TEXT    NOT NULL,         -- COSE, base64
    transports      TEXT    NOT NULL DEFAULT '',
    sign_count      BIGINT  NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backed_up       BOOLEAN NOT NULL,
    created_at      BIGINT  NOT NULL,
    used_at         BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX signin_passkey_account ON signin_passkey (account, created_at);

-- Recovery codes that are left, as keyed digests.
CREATE TABLE signin_recovery (
    account TEXT NOT NULL REFERENCES signin_person (account) ON DELETE CASCADE,
    digest  TEXT NOT NULL,
    agency  TEXT NOT NULL,
    PRIMARY KEY (account, digest)
);

-- Browser sessions, by the SHA-256 of their secret.
CREATE TABLE signin_session (
    id         TEXT   PRIMARY KEY,            -- public: other rooms refer to it
    digest     TEXT   NOT NULL UNIQUE,
    account    TEXT   NOT NULL,               -- '' for a program's token
    agency     TEXT   NOT NULL,
    token      TEXT   NOT NULL DEFAULT '',    -- ID of the API token with which it began
    methods    TEXT   NOT NULL DEFAULT '',    -- RFC 8176, separated by spaces
    device     TEXT   NOT NULL DEFAULT '',
    origin     TEXT   NOT NULL DEFAULT '',
    proved_at  BIGINT NOT NULL,               -- when its owner last proved who they are
    begun_at   BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX signin_session_account ON signin_session (account, begun_at);
CREATE INDEX signin_session_expires ON signin_session (expires_at);
CREATE INDEX signin_session_seen ON signin_session (seen_at);

-- Failures to sign in, by keyed digest of an account name or an origin.
CREATE TABLE signin_failure (
    subject    TEXT   PRIMARY KEY,
    failures   BIGINT NOT NULL,
    failed_at  BIGINT NOT NULL,
    shut_until BIGINT NOT NULL
);
CREATE INDEX signin_failure_at ON signin_failure (failed_at);

-- What the hub remembers between two steps of a ceremony, each used once.
CREATE TABLE signin_ceremony (
    digest     TEXT   PRIMARY KEY,            -- SHA-256 of the secret in the browser's cookie
    kind       TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,               -- base64
    expires_at BIGINT NOT NULL
);
CREATE INDEX signin_ceremony_expires ON signin_ceremony (expires_at);
