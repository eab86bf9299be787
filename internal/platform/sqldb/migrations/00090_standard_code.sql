-- +goose Up
-- One row per list of reference codes (Kode Referensi).
CREATE TABLE standard_list (
    id          TEXT   PRIMARY KEY,
    agency      TEXT   NOT NULL REFERENCES agency_agency (id),
    state       TEXT   NOT NULL CHECK (state IN ('draft', 'published')),
    title_id    TEXT   NOT NULL,
    title_en    TEXT   NOT NULL DEFAULT '',
    description TEXT   NOT NULL DEFAULT '',
    source      TEXT   NOT NULL DEFAULT '',
    licence     TEXT   NOT NULL DEFAULT '',
    lid         TEXT   NOT NULL DEFAULT '', -- address at which applications call it
    codes       BIGINT NOT NULL DEFAULT 0,  -- rows of standard_code
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX standard_list_agency ON standard_list (agency, id);

-- One row per period of a code. Days are ISO 8601 dates, which sort as text; a
-- period holds from_day and does not hold until_day. '' and '9999-12-31' are open.
CREATE TABLE standard_code (
    list      TEXT NOT NULL REFERENCES standard_list (id) ON DELETE CASCADE,
    code      TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    until_day TEXT NOT NULL,
    agency    TEXT NOT NULL,
    parent    TEXT NOT NULL DEFAULT '',
    name_id   TEXT NOT NULL,
    name_en   TEXT NOT NULL DEFAULT '',
    folded    TEXT NOT NULL, -- names in small letters, for searching
    notes     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (code, list, from_day),
    CHECK (from_day < until_day)
);
CREATE INDEX standard_code_parent ON standard_code (list, parent, code);

-- Which codes follow which: splits, mergers, replacements. One row per pair;
-- event numbers the pairs that are one event.
CREATE TABLE standard_succession (
    list        TEXT   NOT NULL REFERENCES standard_list (id) ON DELETE CASCADE,
    event       BIGINT NOT NULL,
    agency      TEXT   NOT NULL,
    day         TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('split', 'merge', 'replace')),
    predecessor TEXT   NOT NULL,
    successor   TEXT   NOT NULL,
    source      TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (list, event, predecessor, successor)
);

-- What a code of one list is in another.
CREATE TABLE standard_mapping (
    list        TEXT NOT NULL REFERENCES standard_list (id) ON DELETE CASCADE,
    code        TEXT NOT NULL,
    target_list TEXT NOT NULL,
    target      TEXT NOT NULL,
    from_day    TEXT NOT NULL,
    until_day   TEXT NOT NULL,
    agency      TEXT NOT NULL,
    relation    TEXT NOT NULL CHECK (relation IN ('exact', 'broader', 'narrower')),
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (list, code, target_list, target, from_day)
);
CREATE INDEX standard_mapping_target ON standard_mapping (target_list, target);
