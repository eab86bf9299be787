-- +goose Up
-- Derived from the journals and can be counted anew: see
-- internal/exchange/metering. hour: hours since the Unix epoch. side is whose
-- matter a failure is, cause how the exchange ended; both '' for delivered.
-- latency and upstream are histograms, opaque to SQL.
CREATE TABLE metering_hour (
    journal              TEXT   NOT NULL,
    hour                 BIGINT NOT NULL,
    address              TEXT   NOT NULL,
    version              TEXT   NOT NULL,
    method               TEXT   NOT NULL,
    path                 TEXT   NOT NULL,
    provider_agency      TEXT   NOT NULL,
    consumer_application TEXT   NOT NULL,
    grant_id             TEXT   NOT NULL,
    side                 TEXT   NOT NULL,
    cause                TEXT   NOT NULL,
    consumer_agency      TEXT   NOT NULL,
    calls                BIGINT NOT NULL,
    request_bytes        BIGINT NOT NULL,
    response_bytes       BIGINT NOT NULL,
    latency_us           BIGINT NOT NULL,
    upstream_us          BIGINT NOT NULL,
    latency              TEXT   NOT NULL,
    upstream             TEXT   NOT NULL,
    PRIMARY KEY (journal, hour, address, version, method, path, provider_agency, consumer_application, grant_id, side, cause)
);
CREATE INDEX metering_hour_time ON metering_hour (hour);
CREATE INDEX metering_hour_address ON metering_hour (address, hour);
CREATE INDEX metering_hour_provider ON metering_hour (provider_agency, hour);
CREATE INDEX metering_hour_consumer ON metering_hour (consumer_agency, hour);

-- The same by day of Jakarta (days since 1 January 1970), operations together.
CREATE TABLE metering_day (
    journal              TEXT   NOT NULL,
    day                  BIGINT NOT NULL,
    address              TEXT   NOT NULL,
    version              TEXT   NOT NULL,
    provider_agency      TEXT   NOT NULL,
    consumer_application TEXT   NOT NULL,
    grant_id             TEXT   NOT NULL,
    side                 TEXT   NOT NULL,
    cause                TEXT   NOT NULL,
    consumer_agency      TEXT   NOT NULL,
    calls                BIGINT NOT NULL,
    request_bytes        BIGINT NOT NULL,
    response_bytes       BIGINT NOT NULL,
    latency_us           BIGINT NOT NULL,
    upstream_us          BIGINT NOT NULL,
    latency              TEXT   NOT NULL,
    upstream             TEXT   NOT NULL,
    PRIMARY KEY (journal, day, address, version, provider_agency, consumer_application, grant_id, side, cause)
);
CREATE INDEX metering_day_time ON metering_day (day);
CREATE INDEX metering_day_address ON metering_day (address, day);
CREATE INDEX metering_day_provider ON metering_day (provider_agency, day);
CREATE INDEX metering_day_consumer ON metering_day (consumer_agency, day);

-- How far each journal has been counted into both tables, and how long it was
-- then. again: its holder drops its rows and begins anew.
CREATE TABLE metering_position (
    journal  TEXT    PRIMARY KEY,
    sequence BIGINT  NOT NULL,
    seen     BIGINT  NOT NULL,
    moved_at BIGINT  NOT NULL,
    again    BOOLEAN NOT NULL
);

-- Nothing before the hour or the day is kept, also when journals are counted anew.
CREATE TABLE metering_floor (
    name TEXT   PRIMARY KEY,
    at   BIGINT NOT NULL
);
