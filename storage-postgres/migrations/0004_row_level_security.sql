-- A statement that forgets whose rows it is for finds none: each transaction says whom it acts for
-- (theo.user_id), or that it is a worker's (theo.is_worker). Forced: it binds the tables' owner as well.
-- Superusers and roles with BYPASSRLS are not bound: connect as another role.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'tenants', 'calendars', 'events', 'quarantine', 'changes', 'sync_states', 'channels', 'embeddings',
        'approvals', 'audit', 'grants'
    ]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I USING (user_id = current_setting(''theo.user_id'', true))', name
        );
    END LOOP;
    -- What a worker looks for among everybody's: nothing of a mirror, an audit or a grant.
    FOREACH name IN ARRAY ARRAY['calendars', 'sync_states', 'channels', 'approvals']
    LOOP
        EXECUTE format(
            'CREATE POLICY workers ON %I USING (current_setting(''theo.is_worker'', true) = ''true'')', name
        );
    END LOOP;
END
$$;
