-- +goose Up
-- Applications that must be told that a session has ended (OpenID Connect
-- Back-Channel Logout 1.0), until they have taken it or it is too late.
CREATE TABLE oidc_logout (
    id          TEXT   PRIMARY KEY,
    application TEXT   NOT NULL REFERENCES agency_application (id) ON DELETE CASCADE,
    subject     TEXT   NOT NULL,
    session     TEXT   NOT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    next_at     BIGINT NOT NULL,
    UNIQUE (application, session)
);
CREATE INDEX oidc_logout_next ON oidc_logout (next_at);
