-- +goose Up
-- People belong to their agency. No agency gives a national role, or takes one.
ALTER TABLE identity_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_account FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identity_account USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE identity_holding ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_holding FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON identity_holding FOR SELECT USING (simpul_covers(agency));
CREATE POLICY writer ON identity_holding
    USING (simpul_covers(agency) AND (NOT national OR simpul_scope() = '*'))
    WITH CHECK (simpul_covers(agency) AND (NOT national OR simpul_scope() = '*'));
