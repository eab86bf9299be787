-- +goose Up
-- Whoever looks for the exchanges of one application, LID or grant reads those
-- alone, whatever else passed the hub. Identifiers are left out, since they are
-- long and what opened in one millisecond is sorted quickly. An application on one
-- LID is found without reading the rows of its others.
CREATE INDEX evidence_exchange_application ON evidence_exchange (consumer_application, opened_at, address);
CREATE INDEX evidence_exchange_address ON evidence_exchange (address, opened_at);
CREATE INDEX evidence_exchange_grant ON evidence_exchange (grant_id, opened_at);
CREATE INDEX evidence_page_application ON evidence_page (consumer_application, until_at, address);
CREATE INDEX evidence_page_address ON evidence_page (address, until_at);
CREATE INDEX evidence_page_grant ON evidence_page (grant_id, until_at);

-- Of what failed, which is little, an outcome is found by the index alone.
DROP INDEX evidence_exchange_failed;
CREATE INDEX evidence_exchange_failed ON evidence_exchange (opened_at, id, outcome) WHERE outcome <> '';
CREATE INDEX evidence_exchange_failed_address ON evidence_exchange (address, opened_at, outcome) WHERE outcome <> '';
