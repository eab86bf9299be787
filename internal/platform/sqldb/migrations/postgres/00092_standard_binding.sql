-- +goose Up
-- What a published LID is bound to, everybody sees; of drafts, their owner.
ALTER TABLE standard_binding ENABLE ROW LEVEL SECURITY;
ALTER TABLE standard_binding FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON standard_binding FOR SELECT USING (published);
CREATE POLICY tenant ON standard_binding USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
