-- +goose Up
-- The key by which the record of an access is sealed, so that its row goes with it,
-- whoever holds the journal: "tertutup/2026-11"; '': the record is not sealed; '?': written
-- before this was noted, and found out when the journal is read anew.
ALTER TABLE tracker_access ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '?';
CREATE INDEX tracker_access_sealed ON tracker_access (sealed_by);
CREATE INDEX tracker_access_unknown ON tracker_access (journal) WHERE sealed_by = '?';

-- Keys that are destroyed: nothing that they sealed is ever written into the view again.
CREATE TABLE tracker_erased (
    sealed_by TEXT   PRIMARY KEY,
    at        BIGINT NOT NULL
);
