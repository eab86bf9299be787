-- +goose Up
-- What may be used of a subject: a grant, an application, an agency or a LID.
-- subject is kind/id. provider may set the limit, '' where only the nation may;
-- consumer is held to it, '' where many are. spec is JSON, opaque to SQL.
CREATE TABLE traffic_limit (
    subject    TEXT   PRIMARY KEY,
    kind       TEXT   NOT NULL CHECK (kind IN ('grant', 'application', 'agency', 'lid')),
    id         TEXT   NOT NULL,
    provider   TEXT   NOT NULL,
    consumer   TEXT   NOT NULL,
    spec       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX traffic_limit_provider ON traffic_limit (provider, subject);
CREATE INDEX traffic_limit_consumer ON traffic_limit (consumer, subject);

-- The processes that hold calls to limits, and when each was heard of last.
CREATE TABLE traffic_node (
    node    TEXT   PRIMARY KEY,
    seen_at BIGINT NOT NULL
);

-- What each of them was asked for of late, smoothed, in thousandths: calls a
-- minute that came, of them those let through, calls under way at one time, and
-- calls missing from the bucket of its rate; and, whole, the calls of its quotas that
-- it has leased and not used.
CREATE TABLE traffic_demand (
    subject    TEXT   NOT NULL,
    node       TEXT   NOT NULL,
    per_minute BIGINT NOT NULL,
    used       BIGINT NOT NULL,
    peak       BIGINT NOT NULL,
    missing    BIGINT NOT NULL,
    day_left   BIGINT NOT NULL,
    month_left BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (subject, node)
);

-- Calls missing from one node's bucket that another makes up for, in thousandths,
-- while they are on their way.
CREATE TABLE traffic_pot (
    subject TEXT   PRIMARY KEY,
    missing BIGINT NOT NULL CHECK (missing >= 0)
);

-- How many calls of a period all nodes have leased. What a node leased and did
-- not give back counts as used.
CREATE TABLE traffic_quota (
    subject   TEXT   NOT NULL,
    span      TEXT   NOT NULL CHECK (span IN ('day', 'month')),
    begins_at BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL,
    taken     BIGINT NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (subject, span, begins_at)
);
CREATE INDEX traffic_quota_ends ON traffic_quota (ends_at);
