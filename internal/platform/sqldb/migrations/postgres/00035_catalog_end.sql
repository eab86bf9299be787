-- +goose Up
-- What follows a LID is public, so that no two agencies name each other in a circle.
CREATE POLICY ended ON catalog_address FOR SELECT USING (successor <> '' OR retired AND NOT unseen);
