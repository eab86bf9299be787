-- +goose Up
-- The provider sets a limit; whoever is held to it sees it. The provider of a
-- limit that only the nation sets is '', which no agency covers.
ALTER TABLE traffic_limit ENABLE ROW LEVEL SECURITY;
ALTER TABLE traffic_limit FORCE ROW LEVEL SECURITY;
CREATE POLICY provider ON traffic_limit USING (simpul_covers(provider)) WITH CHECK (simpul_covers(provider));
CREATE POLICY consumer ON traffic_limit FOR SELECT USING (simpul_covers(consumer));

-- What nodes tell each other is the hub's own.
ALTER TABLE traffic_node ENABLE ROW LEVEL SECURITY;
ALTER TABLE traffic_node FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON traffic_node USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE traffic_demand ENABLE ROW LEVEL SECURITY;
ALTER TABLE traffic_demand FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON traffic_demand USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE traffic_pot ENABLE ROW LEVEL SECURITY;
ALTER TABLE traffic_pot FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON traffic_pot USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE traffic_quota ENABLE ROW LEVEL SECURITY;
ALTER TABLE traffic_quota FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON traffic_quota USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
