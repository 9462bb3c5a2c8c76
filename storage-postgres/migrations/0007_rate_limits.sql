-- Calls booked within Google's limits, by all processes together. One row an account and limit, and one a limit for
-- all of them: as leases, they belong to nobody. Who adds a row takes away some of which nothing counts any more.
CREATE TABLE rate_limits (
    name text COLLATE "C" NOT NULL,
    length bigint NOT NULL CHECK (length >= 0),
    first_slot bigint NOT NULL DEFAULT 0,
    used int[] NOT NULL DEFAULT '{}',
    idle_from timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (name, length)
) WITH (fillfactor = 50);
COMMENT ON TABLE rate_limits IS 'half of each page is free: a row is rewritten with each call';
COMMENT ON COLUMN rate_limits.length IS 'of the limit, in microseconds';
COMMENT ON COLUMN rate_limits.used IS 'units in each slot, a sixtieth of the length, from first_slot on, counted from 1970';
COMMENT ON COLUMN rate_limits.idle_from IS 'from when on nothing of it counts';
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO theo_app;
