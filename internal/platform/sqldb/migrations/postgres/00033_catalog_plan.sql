-- +goose Up
-- A plan is its provider's and that of those who are asked. The provider asks
-- and reads the answers; each agency answers for itself.
ALTER TABLE catalog_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY party ON catalog_consent FOR SELECT USING (simpul_covers(agency) OR simpul_covers(provider));
CREATE POLICY ask ON catalog_consent FOR INSERT WITH CHECK (simpul_covers(provider) AND verdict = 'asked');
CREATE POLICY answer ON catalog_consent FOR UPDATE USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
REVOKE DELETE, TRUNCATE ON catalog_consent FROM simpul_app;

ALTER TABLE catalog_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY asked ON catalog_plan FOR SELECT USING (simpul_covers(agency)
    OR EXISTS (SELECT 1 FROM catalog_consent c WHERE c.address = catalog_plan.address AND c.contract = catalog_plan.contract AND simpul_covers(c.agency)));
CREATE POLICY announce ON catalog_plan FOR INSERT WITH CHECK (simpul_covers(agency));
REVOKE UPDATE, DELETE, TRUNCATE ON catalog_plan FROM simpul_app;
