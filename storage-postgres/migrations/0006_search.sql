-- What events are found by, and embeddings that a reader of the change feed makes.

-- Beside the event, so that its page stores both in one statement and what deletes one deletes both. The words are made
-- by the program, whose rules of what a word is hold for every store; in rows from before it fills them after this.
ALTER TABLE events
    ADD COLUMN words tsvector,
    ADD COLUMN people text[] COLLATE "C" NOT NULL DEFAULT '{}',
    ADD COLUMN reach_from timestamptz,
    ADD COLUMN reach_until timestamptz;
-- In the row as it is: a search reads all of the person's, and should neither unpack nor fetch them.
ALTER TABLE events ALTER COLUMN words SET STORAGE MAIN;
COMMENT ON COLUMN events.words IS 'A: of the title; B: of place and people; C: of the description';
COMMENT ON COLUMN events.people IS 'addresses of organizer and guests, in lower case';
COMMENT ON COLUMN events.reach_from IS 'from when it may take place, a series included; null where it has no times';
COMMENT ON COLUMN events.reach_until IS 'until when; null where nothing says so';

-- How far each model is with each person's events.
CREATE TABLE embedding_progress (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants ON DELETE CASCADE,
    model text COLLATE "C" NOT NULL,
    dimensions integer NOT NULL CHECK (dimensions > 0),
    place bigint NOT NULL CHECK (place >= 0),
    caught_up boolean NOT NULL,
    failures bigint NOT NULL CHECK (failures >= 0),
    retry_at timestamptz,
    is_indexed boolean NOT NULL DEFAULT false,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, model)
);
COMMENT ON COLUMN embedding_progress.place IS 'the last change that was embedded';
COMMENT ON COLUMN embedding_progress.is_indexed IS 'too many to compare with each: an approximate index finds them';

-- Made anew: no program of this repository ever filled the first form of this table.
DROP TABLE embeddings;
CREATE TABLE embeddings (
    user_id text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    is_indexed boolean NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    embedding halfvec,
    PRIMARY KEY (user_id, account_id, calendar_id, event_id, model),
    FOREIGN KEY (user_id, account_id, calendar_id, event_id) REFERENCES events ON DELETE CASCADE
);
COMMENT ON COLUMN embeddings.embedding IS 'of length one; null where the model refused the text';
-- In the row up to a page of 8 kB (about 4,000 numbers): a search reads all of the person's.
ALTER TABLE embeddings ALTER COLUMN embedding SET STORAGE MAIN;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['embeddings', 'embedding_progress']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I USING (user_id = current_setting(''theo.user_id'', true))', name
        );
    END LOOP;
    -- Whose feed is past what was embedded.
    FOREACH name IN ARRAY ARRAY['tenants', 'embedding_progress']
    LOOP
        EXECUTE format('CREATE POLICY workers ON %I FOR SELECT TO theo_worker USING (true)', name);
    END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON embeddings, embedding_progress TO theo_app;
GRANT SELECT (user_id, feed) ON tenants TO theo_worker;
GRANT SELECT ON embedding_progress TO theo_worker;
