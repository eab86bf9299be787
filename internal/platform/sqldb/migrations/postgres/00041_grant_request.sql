-- +goose Up
-- Both parties see a request; what each may do with it is the room's to say.
ALTER TABLE grant_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE grant_request FORCE ROW LEVEL SECURITY;
CREATE POLICY party ON grant_request
    USING (simpul_covers(provider) OR simpul_covers(consumer))
    WITH CHECK (simpul_covers(provider) OR simpul_covers(consumer));

ALTER TABLE grant_request_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE grant_request_version FORCE ROW LEVEL SECURITY;
CREATE POLICY party ON grant_request_version
    USING (EXISTS (SELECT 1 FROM grant_request r WHERE r.id = request AND (simpul_covers(r.provider) OR simpul_covers(r.consumer))))
    WITH CHECK (EXISTS (SELECT 1 FROM grant_request r WHERE r.id = request AND (simpul_covers(r.provider) OR simpul_covers(r.consumer))));
