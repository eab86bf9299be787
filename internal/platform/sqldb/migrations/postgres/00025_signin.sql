-- +goose Up
-- A person's credentials and sessions are found before anybody knows whose they
-- are, by the hub; beside it only the person's agency reaches them. Failures and
-- ceremonies are the hub's own.
ALTER TABLE signin_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_person FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signin_person USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE signin_passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_passkey FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signin_passkey USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE signin_recovery ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_recovery FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signin_recovery USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE signin_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_session FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signin_session USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE signin_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_failure FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON signin_failure USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE signin_ceremony ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_ceremony FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON signin_ceremony USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

