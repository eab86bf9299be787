-- +goose Up
-- Everybody may know that a journal ended; only the hub says so, and once.
ALTER TABLE evidence_ending ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_ending FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON evidence_ending FOR SELECT USING (TRUE);
CREATE POLICY noted ON evidence_ending FOR INSERT WITH CHECK (simpul_scope() = '*');
