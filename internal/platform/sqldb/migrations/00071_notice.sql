-- +goose Up
-- Letters that are to go by e-mail, or went. Of a copy of a notice it holds no
-- address and no text: both are looked up when it goes. An invitation is for
-- somebody without an account: its address and text are sealed by the vault,
-- and erased once it went or was given up.
CREATE TABLE notice_mail (
    id         TEXT    PRIMARY KEY,
    agency     TEXT    NOT NULL,
    account    TEXT    NOT NULL, -- '' for an invitation
    entry      TEXT    NOT NULL, -- '' for an invitation and a digest
    kind       TEXT    NOT NULL CHECK (kind IN ('notice', 'digest', 'invite')),
    topic      TEXT    NOT NULL,
    urgent     BOOLEAN NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'gathered', 'sent', 'dropped', 'dead')),
    sealed     TEXT    NOT NULL,
    attempts   BIGINT  NOT NULL,
    next_at    BIGINT  NOT NULL, -- when it may be taken, again where it was taken
    created_at BIGINT  NOT NULL,
    ends_at    BIGINT  NOT NULL, -- when it is given up
    ended_at   BIGINT  NOT NULL, -- 0: not yet
    reason_id  TEXT    NOT NULL, -- why it did not go, so far
    reason_en  TEXT    NOT NULL
);
CREATE INDEX notice_mail_next ON notice_mail (state, next_at, id);
CREATE INDEX notice_mail_account ON notice_mail (account, state, next_at);
