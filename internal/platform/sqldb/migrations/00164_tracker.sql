-- +goose Up
-- Accesses that a person sees later: those of an agency under a case number or a
-- grant, until a time. A row never changes; an extension is another row.
CREATE TABLE tracker_delay (
    id         TEXT   PRIMARY KEY,
    agency     TEXT   NOT NULL,
    kind       TEXT   NOT NULL CHECK (kind IN ('case', 'grant')),
    subject    TEXT   NOT NULL, -- number of the case, or the grant
    basis      TEXT   NOT NULL, -- legal ground
    shown_from BIGINT NOT NULL,
    proposed_by TEXT  NOT NULL,
    decided_by TEXT   NOT NULL,
    decided_at BIGINT NOT NULL,
    UNIQUE (agency, kind, subject, shown_from)
);
CREATE INDEX tracker_delay_subject ON tracker_delay (agency, kind, subject, shown_from);

-- What the nation has decided of the tracker; what is missing has the default.
CREATE TABLE tracker_policy (
    name    TEXT   PRIMARY KEY,
    amount  BIGINT NOT NULL,
    set_at  BIGINT NOT NULL
);
