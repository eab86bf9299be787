-- +goose Up
-- People. person is their name, e-mail, telephone and position, sealed by the
-- vault (base64 of JSON); email_digest is keyed, and '' as person is once the
-- account is erased. The row stays for ever, so that a name in the audit trail
-- never becomes another person's.
CREATE TABLE identity_account (
    id           TEXT    PRIMARY KEY,
    agency       TEXT    NOT NULL REFERENCES agency_agency (id),
    state        TEXT    NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'closed')),
    language     TEXT    NOT NULL CHECK (language IN ('id', 'en')),
    person       TEXT    NOT NULL,
    email_digest TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    updated_at   BIGINT  NOT NULL,
    erased_at    BIGINT  NOT NULL DEFAULT 0, -- 0: not erased
    CHECK (erased_at = 0 OR state = 'closed' AND person = '' AND email_digest = '')
);
CREATE INDEX identity_account_agency ON identity_account (agency, id);
-- One person has one account in an agency: with two, they could approve what they propose.
CREATE UNIQUE INDEX identity_account_email ON identity_account (agency, email_digest) WHERE email_digest <> '' AND state <> 'closed';

-- Who holds which role: for their agency, or for the nation.
CREATE TABLE identity_holding (
    account  TEXT    NOT NULL REFERENCES identity_account (id),
    role     TEXT    NOT NULL REFERENCES identity_role (name),
    agency   TEXT    NOT NULL, -- the account's
    national BOOLEAN NOT NULL,
    given_by TEXT    NOT NULL, -- an account, or a token's ID
    given_at BIGINT  NOT NULL,
    PRIMARY KEY (account, role)
);
CREATE INDEX identity_holding_role ON identity_holding (role, account);
CREATE INDEX identity_holding_agency ON identity_holding (agency, account);
