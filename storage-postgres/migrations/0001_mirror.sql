-- The mirror. Every key of a person's rows is led by user_id, so that the tables can be hash-partitioned or
-- distributed by it without a change of query. Names compare by bytes (COLLATE "C"), as the SDK compares them.
-- JSON is kept as text: it comes back to the byte, and an escaped NUL in it, which jsonb refuses, is no matter.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TYPE sync_phase AS ENUM ('empty', 'full_paging', 'incremental', 'delta_paging');
CREATE TYPE sync_standing AS ENUM ('ready', 'backoff', 'paused');

-- One row a person: what writes of theirs lock first, so that places in their change feed rise in commit order.
CREATE TABLE tenants (
    user_id text COLLATE "C" PRIMARY KEY,
    feed bigint NOT NULL DEFAULT 0 CHECK (feed >= 0)
);

CREATE TABLE leases (
    name text COLLATE "C" PRIMARY KEY,
    holder text,
    epoch bigint NOT NULL CHECK (epoch > 0),
    expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN leases.holder IS 'null once released';

CREATE TABLE calendars (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants,
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    etag text COLLATE "C",
    title text COLLATE "C",
    is_primary boolean NOT NULL,
    is_selected boolean NOT NULL DEFAULT true,
    is_hidden boolean NOT NULL DEFAULT false,
    generation bigint NOT NULL CHECK (generation >= 0),
    entry text COLLATE "C" NOT NULL CHECK (entry IS JSON OBJECT),
    PRIMARY KEY (user_id, account_id, calendar_id)
);
COMMENT ON COLUMN calendars.generation IS 'the complete listing that last brought it';
COMMENT ON COLUMN calendars.entry IS 'as Google has it';

CREATE TABLE events (
    user_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    etag text COLLATE "C",
    recurring_event_id text COLLATE "C",
    is_cancelled boolean NOT NULL,
    span tstzrange CHECK (NOT isempty(span) AND NOT lower_inf(span) AND NOT upper_inf(span)),
    starts_at timestamptz GENERATED ALWAYS AS (lower(span)) STORED,
    length_bits smallint GENERATED ALWAYS AS (
        CASE WHEN span IS NOT NULL
             THEN least(37, 1 + ceil(log(2, greatest(1, extract(epoch FROM upper(span) - lower(span))))))
        END
    ) STORED,
    title text COLLATE "C",
    place text COLLATE "C",
    description text COLLATE "C",
    generation bigint NOT NULL CHECK (generation >= 0),
    body text COLLATE "C" NOT NULL CHECK (body IS JSON OBJECT),
    PRIMARY KEY (user_id, account_id, calendar_id, event_id),
    FOREIGN KEY (user_id, account_id, calendar_id) REFERENCES calendars ON DELETE CASCADE
);
COMMENT ON COLUMN events.title IS 'in lower case, for search; so are place and description';
COMMENT ON COLUMN events.span IS 'the time it takes; null for a master';
COMMENT ON COLUMN events.length_bits IS 'no longer than two to this many seconds; 37: of any length';
COMMENT ON COLUMN events.body IS 'as Google has it';
-- Listings of a time window, over all calendars of a person. Of one length, those that reach into a window start no
-- earlier than that length before it. Not a GiST index on the span: under row-level security the planner may use only
-- leakproof operators to find rows, which comparisons of times are and the overlap of ranges is not.
CREATE INDEX events_by_span ON events (user_id, length_bits, starts_at) WHERE length_bits IS NOT NULL;
-- Exceptions of a master that goes.
CREATE INDEX events_by_master ON events (user_id, account_id, calendar_id, recurring_event_id)
    WHERE recurring_event_id IS NOT NULL;

CREATE TABLE quarantine (
    user_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    event_id text COLLATE "C",
    raw text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    generation bigint NOT NULL CHECK (generation >= 0),
    PRIMARY KEY (user_id, account_id, calendar_id, name),
    FOREIGN KEY (user_id, account_id, calendar_id) REFERENCES calendars ON DELETE CASCADE
);
COMMENT ON COLUMN quarantine.name IS 'the event id, or the SHA-256 of what came where it has none';

-- The last change of each event: one that changes again moves to the end.
CREATE TABLE changes (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants,
    place bigint NOT NULL CHECK (place > 0),
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    is_gone boolean NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (user_id, account_id, calendar_id, event_id)
);
CREATE INDEX changes_by_place ON changes (user_id, place);

CREATE TABLE sync_states (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants,
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C",
    phase sync_phase NOT NULL,
    standing sync_standing NOT NULL,
    retry_at timestamptz,
    generation bigint NOT NULL CHECK (generation >= 0),
    dirty bigint NOT NULL CHECK (dirty >= 0),
    clean bigint NOT NULL CHECK (clean >= 0),
    last_sync_at timestamptz,
    body text COLLATE "C" NOT NULL CHECK (body IS JSON OBJECT),
    CHECK ((standing = 'backoff') = (retry_at IS NOT NULL)),
    UNIQUE NULLS NOT DISTINCT (user_id, account_id, calendar_id),
    FOREIGN KEY (user_id, account_id, calendar_id) REFERENCES calendars ON DELETE CASCADE
);
COMMENT ON COLUMN sync_states.calendar_id IS 'null for the state of the account''s calendar list';
COMMENT ON COLUMN sync_states.body IS 'the whole state, except that dirty counts';
-- What is due, dirty ones first.
CREATE INDEX sync_states_due ON sync_states ((dirty = clean), last_sync_at NULLS FIRST)
    WHERE standing <> 'paused';

-- A notification names no user: a channel is found by its id alone.
CREATE TABLE channels (
    channel_id text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C",
    resource_id text NOT NULL,
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX channels_by_user ON channels (user_id, account_id, calendar_id);
CREATE INDEX channels_by_expiry ON channels (expires_at, channel_id);

CREATE TABLE embeddings (
    user_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    embedding vector NOT NULL,
    PRIMARY KEY (user_id, account_id, calendar_id, event_id, model),
    FOREIGN KEY (user_id, account_id, calendar_id, event_id) REFERENCES events ON DELETE CASCADE
);
