-- +goose Up
-- A tenant sees what concerns it and adds to it. Nobody changes an event; only
-- the hub itself drops those whose time is over.
ALTER TABLE trail_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_event FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON trail_event FOR SELECT USING (simpul_scope() = '*' OR simpul_covers(agency));
CREATE POLICY writer ON trail_event FOR INSERT WITH CHECK (simpul_scope() = '*' OR simpul_covers(agency));
CREATE POLICY keeper ON trail_event FOR DELETE USING (simpul_scope() = '*');

-- The head tells a number and a digest only; every writer moves it.
ALTER TABLE trail_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_head FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON trail_head USING (true) WITH CHECK (true);
