-- +goose Up
ALTER TABLE signin_upstream ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_upstream FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signin_upstream USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE signin_subject ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_subject FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signin_subject USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

