-- +goose Up
-- Whoever looks for the exchanges of one application, LID or grant reads those
-- alone, whatever else passed the hub. Identifiers are left out, since they are
-- long and what opened in one millisecond is sorted quickly. What stands behind the
-- time lets rows be passed over without being read: of an application's other LIDs
-- and providers, of a LID's other callers.
CREATE INDEX evidence_exchange_application ON evidence_exchange (consumer_application, opened_at, address, provider_agency);
CREATE INDEX evidence_exchange_address ON evidence_exchange (address, opened_at, consumer_agency);
CREATE INDEX evidence_exchange_grant ON evidence_exchange (grant_id, opened_at);
CREATE INDEX evidence_page_application ON evidence_page (consumer_application, until_at, address, provider_agency);
CREATE INDEX evidence_page_address ON evidence_page (address, until_at, consumer_agency);
CREATE INDEX evidence_page_grant ON evidence_page (grant_id, until_at);

-- What failed is little, so that an outcome is found at once, of everybody, of a
-- party and of a LID.
CREATE INDEX evidence_exchange_outcome ON evidence_exchange (outcome, opened_at, id) WHERE outcome <> '';
CREATE INDEX evidence_exchange_outcome_consumer ON evidence_exchange (consumer_agency, outcome, opened_at, id) WHERE outcome <> '';
CREATE INDEX evidence_exchange_outcome_provider ON evidence_exchange (provider_agency, outcome, opened_at, id) WHERE outcome <> '';
CREATE INDEX evidence_exchange_outcome_address ON evidence_exchange (address, outcome, opened_at, id) WHERE outcome <> '';
