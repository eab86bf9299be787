-- +goose Up
-- The hub's alone: whose tracker was opened is the person's matter, not that of
-- the agency whose officer did.
ALTER TABLE tracker_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_look FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON tracker_look USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
