-- +goose Up
-- What people were told of a term, who got the notice, and what is kept whatever
-- retention says. Times are ms; 0 where something has not been.
ALTER TABLE incident_case ADD COLUMN handler TEXT NOT NULL DEFAULT '';     -- account of who noted it; '' for a program
ALTER TABLE incident_case ADD COLUMN clock BIGINT NOT NULL DEFAULT 0;      -- how often noted_at was changed
ALTER TABLE incident_case ADD COLUMN told BIGINT NOT NULL DEFAULT 0;       -- of this term: 1 begun, 2 a day left, 3 six hours left, 4 over
ALTER TABLE incident_case ADD COLUMN persons_at BIGINT NOT NULL DEFAULT 0; -- the affected got the notice
ALTER TABLE incident_case ADD COLUMN authority_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident_case ADD COLUMN held_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident_case ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
ALTER TABLE incident_case ADD COLUMN held_why TEXT NOT NULL DEFAULT '';
CREATE INDEX incident_case_term ON incident_case (closed_at, noted_at);

-- What a note tells that was done, and of a moment that was changed both.
ALTER TABLE incident_note ADD COLUMN deed TEXT NOT NULL DEFAULT '';
ALTER TABLE incident_note ADD COLUMN was_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident_note ADD COLUMN is_at BIGINT NOT NULL DEFAULT 0;
