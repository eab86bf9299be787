-- +goose Up
-- What was done on the control plane, and what was refused, in order. See
-- internal/platform/trail. agency is '' where the matter is the nation's,
-- account '' where it concerns no person.
CREATE TABLE trail_event (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    agency  TEXT   NOT NULL,
    account TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    outcome TEXT   NOT NULL,
    detail  TEXT   NOT NULL,
    origin  TEXT   NOT NULL,
    digest  TEXT   NOT NULL -- of this event and the digest before it
);
CREATE INDEX trail_event_agency ON trail_event (agency, seq);
CREATE INDEX trail_event_account ON trail_event (account, seq);

-- The newest event, and the one after which the trail begins.
CREATE TABLE trail_head (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    seq         BIGINT NOT NULL,
    digest      TEXT   NOT NULL,
    begins_seq  BIGINT NOT NULL,
    begins_from TEXT   NOT NULL
);
INSERT INTO trail_head (id, seq, digest, begins_seq, begins_from) VALUES (1, 0, '', 0, '');
