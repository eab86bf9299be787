-- +goose Up
-- A form belongs to the nation until the agency is admitted, and to both from
-- then on. Whoever holds a code acts through the hub.
ALTER TABLE onboarding_form ENABLE ROW LEVEL SECURITY;
ALTER TABLE onboarding_form FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON onboarding_form USING (simpul_covers(owner)) WITH CHECK (simpul_covers(owner));

ALTER TABLE onboarding_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE onboarding_version FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON onboarding_version
    USING (EXISTS (SELECT 1 FROM onboarding_form f WHERE f.id = form AND simpul_covers(f.owner)))
    WITH CHECK (EXISTS (SELECT 1 FROM onboarding_form f WHERE f.id = form AND simpul_covers(f.owner)));

ALTER TABLE onboarding_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE onboarding_document FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON onboarding_document
    USING (EXISTS (SELECT 1 FROM onboarding_form f WHERE f.id = form AND simpul_covers(f.owner)))
    WITH CHECK (EXISTS (SELECT 1 FROM onboarding_form f WHERE f.id = form AND simpul_covers(f.owner)));
