-- +goose Up
-- Retention, which is the hub's, drops cases; nobody else does.
CREATE POLICY dropped ON incident_case FOR DELETE USING (simpul_scope() = '*');
CREATE POLICY dropped ON incident_note FOR DELETE USING (simpul_scope() = '*');
