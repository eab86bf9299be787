-- +goose Up
-- Whoever asks for an exchange is told that it may be too old; only the hub
-- itself moves the floor.
ALTER TABLE evidence_floor ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_floor FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_floor USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY everyone ON evidence_floor FOR SELECT USING (true);
