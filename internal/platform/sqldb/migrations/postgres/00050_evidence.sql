-- +goose Up
-- Both parties of an exchange see it; only the hub itself writes.
ALTER TABLE evidence_exchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_exchange FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_exchange USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY parties ON evidence_exchange FOR SELECT USING (simpul_covers(consumer_agency) OR simpul_covers(provider_agency));

ALTER TABLE evidence_traffic ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_traffic FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_traffic USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY parties ON evidence_traffic FOR SELECT USING (simpul_covers(consumer_agency) OR simpul_covers(provider_agency));

ALTER TABLE evidence_position ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_position FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_position USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
