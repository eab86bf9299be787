-- +goose Up
-- What waits in people's inboxes, one row for each person. The text is sealed
-- by the vault (base64). See internal/registry/notice.
CREATE TABLE notice_entry (
    id         TEXT    PRIMARY KEY,
    agency     TEXT    NOT NULL, -- of the account
    account    TEXT    NOT NULL,
    topic      TEXT    NOT NULL,
    key        TEXT    NOT NULL, -- '' for a notice that may come again
    sealed     TEXT    NOT NULL,
    link       TEXT    NOT NULL,
    due_at     BIGINT  NOT NULL, -- 0: nobody must act
    urgent     BOOLEAN NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('unread', 'read', 'done')),
    created_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX notice_entry_once ON notice_entry (account, key) WHERE key <> '';
CREATE INDEX notice_entry_account ON notice_entry (account, created_at, id);

-- Keys of notices on which somebody has acted: nobody else needs to.
CREATE TABLE notice_done (
    key     TEXT   PRIMARY KEY CHECK (key <> ''),
    done_at BIGINT NOT NULL
);
