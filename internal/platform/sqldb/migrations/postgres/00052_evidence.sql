-- +goose Up
-- As evidence_exchange: both parties see a page; only the hub itself writes.
ALTER TABLE evidence_page ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_page FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_page USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY parties ON evidence_page FOR SELECT USING (simpul_covers(consumer_agency) OR simpul_covers(provider_agency));

-- What is packed does not get smaller by compressing: digests are random.
ALTER TABLE evidence_page ALTER COLUMN entries SET STORAGE EXTERNAL;
