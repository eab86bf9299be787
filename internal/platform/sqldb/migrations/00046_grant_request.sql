-- +goose Up
-- Until when the provider should open a request, when somebody of theirs did, and
-- of how much delay people were told.
ALTER TABLE grant_request ADD COLUMN open_due_at BIGINT NOT NULL DEFAULT 0; -- 0: of a request from before
ALTER TABLE grant_request ADD COLUMN opened_at   BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grant_request ADD COLUMN opened_by   TEXT   NOT NULL DEFAULT ''; -- principal
ALTER TABLE grant_request ADD COLUMN delay_told  BIGINT NOT NULL DEFAULT 0; -- 0 none, 1 not opened, 2 not decided
CREATE INDEX grant_request_consumer_state ON grant_request (consumer, state, id);
