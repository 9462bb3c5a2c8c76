-- Two roles that nobody logs in as. A transaction for a person takes theo_app, one that looks for work among
-- everybody's takes theo_worker, so that neither owns a table and each can do no more than its work.
-- Roles belong to the whole server: another database may have made them, or be making them now.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['theo_app', 'theo_worker']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION USING
                        ERRCODE = 'insufficient_privilege',
                        MESSAGE = format(
                            'the role "%s" is missing and "%s" may not create it; a superuser runs once: '
                            'CREATE ROLE theo_app NOLOGIN; CREATE ROLE theo_worker NOLOGIN; '
                            'GRANT theo_app, theo_worker TO "%s" WITH INHERIT FALSE, SET TRUE',
                            name, current_user, current_user
                        );
            END;
        END IF;
        -- Who migrates may take both roles; where that is not theirs to grant, a call that needs one says so.
        IF NOT pg_has_role(current_user, name, 'SET') THEN
            BEGIN
                EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', name, current_user);
            EXCEPTION
                WHEN insufficient_privilege THEN NULL;
            END;
        END IF;
    END LOOP;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO theo_app, theo_worker', current_schema());
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE
    ON tenants, leases, calendars, events, quarantine, changes, sync_states, channels, embeddings, approvals, grants
    TO theo_app;
GRANT SELECT, INSERT ON audit TO theo_app;
GRANT SELECT ON calendars, sync_states, channels, approvals TO theo_worker;
GRANT DELETE ON channels TO theo_worker;
-- So that a program can say that the schema is older than itself.
GRANT SELECT ON _sqlx_migrations TO theo_app, theo_worker;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['calendars', 'sync_states', 'channels', 'approvals']
    LOOP
        EXECUTE format('DROP POLICY workers ON %I', name);
        EXECUTE format('CREATE POLICY workers ON %I TO theo_worker USING (true)', name);
    END LOOP;
END
$$;

-- Led by user_id as every other key, so that this table too can be partitioned by it. Channel ids are random:
-- a notification still finds its channel by the id alone.
ALTER TABLE channels DROP CONSTRAINT channels_pkey, ADD PRIMARY KEY (user_id, channel_id);
CREATE INDEX channels_by_id ON channels (channel_id);

-- Where each person's audit ends, so that records cut off its end are missed.
ALTER TABLE tenants
    ADD COLUMN audit_number bigint NOT NULL DEFAULT 0 CHECK (audit_number >= 0),
    ADD COLUMN audit_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(audit_hash) = 32);
COMMENT ON COLUMN tenants.audit_number IS 'of the last record; zero before the first';

-- The owner sees everybody's rows only while row-level security is not forced.
ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY;
UPDATE tenants
SET audit_number = last.number,
    audit_hash = last.hash
FROM (SELECT DISTINCT ON (user_id) user_id, number, hash FROM audit ORDER BY user_id, number DESC) AS last
WHERE tenants.user_id = last.user_id;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
