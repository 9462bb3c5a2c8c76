-- Turns the tables of a migrated database that hold a person's rows into ones hash-partitioned by user_id.
-- No query changes: every key is led by user_id, and so is every condition that a person's call puts.
--
-- Run it once as the tables' owner, while nothing else works on the database: it locks, copies and drops each table,
-- in one transaction. How many partitions each gets is set before; a power of two can be split evenly later.
--     psql calendar -c "SET theo.partitions = 16" -f hash.sql
-- Whatever the tables have is read from the catalogue and made again: columns with their defaults, checks and generated
-- values, keys, indexes, foreign keys, triggers, comments, policies and grants. Later migrations find partitioned tables.
-- A partition has no grant and no policy of its own: only its owner reaches it except through its table.

DO $$
DECLARE
    partitions int := coalesce(nullif(current_setting('theo.partitions', true), '')::int, 16);
    home regnamespace := current_schema()::regnamespace;
    tables text[];
    afterwards text[];
    relations text;
    statement text;
    name text;
    columns text;
    settings text;
    number int;
BEGIN
    SELECT array_agg(relname::text ORDER BY relname)
    INTO tables
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'user_id'
    WHERE relkind = 'r' AND NOT relispartition AND relnamespace = home;
    IF tables IS NULL THEN
        RAISE EXCEPTION 'there is no table to partition: run migrate() first, and this once';
    END IF;
    SELECT string_agg(quote_ident(listed), ', ') INTO relations FROM unnest(tables) AS listed;
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relations);

    -- What each table has beside its columns, as statements: keys and indexes first, then what refers to them.
    SELECT array_agg(made ORDER BY rank, made)
    INTO afterwards
    FROM (
        SELECT CASE contype WHEN 'f' THEN 3 ELSE 1 END AS rank,
               format('ALTER TABLE %I ADD CONSTRAINT %I %s', relname, conname, pg_get_constraintdef(c.oid)) AS made
        FROM pg_constraint AS c
        JOIN pg_class AS t ON t.oid = conrelid
        WHERE relnamespace = home AND relname = ANY(tables) AND contype IN ('p', 'u', 'f')
        UNION ALL
        SELECT 2, pg_get_indexdef(indexrelid)
        FROM pg_index
        JOIN pg_class AS t ON t.oid = indrelid
        WHERE relnamespace = home AND relname = ANY(tables)
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
        UNION ALL
        SELECT 4, pg_get_triggerdef(g.oid)
        FROM pg_trigger AS g
        JOIN pg_class AS t ON t.oid = tgrelid
        WHERE relnamespace = home AND relname = ANY(tables) AND NOT tgisinternal
        UNION ALL
        -- A trigger for each row is handed down to the partitions, one for a statement is not.
        SELECT 4, replace(pg_get_triggerdef(g.oid), format(' ON %s.%I ', home, relname),
                          format(' ON %s.%I ', home, relname || '_p' || part))
        FROM pg_trigger AS g
        JOIN pg_class AS t ON t.oid = tgrelid
        CROSS JOIN generate_series(0, partitions - 1) AS part
        WHERE relnamespace = home AND relname = ANY(tables) AND NOT tgisinternal AND tgtype & 1 = 0
        UNION ALL
        SELECT 5, format('COMMENT ON TABLE %I IS %L', relname, obj_description(t.oid, 'pg_class'))
        FROM pg_class AS t
        WHERE relnamespace = home AND relname = ANY(tables) AND obj_description(t.oid, 'pg_class') IS NOT NULL
        UNION ALL
        SELECT 6, format('CREATE POLICY %I ON %I AS %s FOR %s TO %s %s %s', policyname, tablename, permissive, cmd,
                         (SELECT string_agg(CASE role WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(role) END, ', ')
                          FROM unnest(roles) AS role),
                         'USING (' || qual || ')', 'WITH CHECK (' || with_check || ')')
        FROM pg_policies
        WHERE schemaname = current_schema() AND tablename = ANY(tables)
        UNION ALL
        SELECT 7, format('ALTER TABLE %I %s ROW LEVEL SECURITY', relname, word)
        FROM pg_class AS t
        CROSS JOIN unnest(ARRAY['ENABLE', 'FORCE']) AS word
        WHERE relnamespace = home AND relname = ANY(tables) AND relrowsecurity
        UNION ALL
        SELECT 8, format('GRANT %s ON %I TO %s', privilege_type, relname,
                         CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
        FROM pg_class AS t
        CROSS JOIN aclexplode(relacl)
        WHERE relnamespace = home AND relname = ANY(tables) AND grantee <> relowner
        UNION ALL
        SELECT 8, format('GRANT %s (%I) ON %I TO %s', privilege_type, attname, relname,
                         CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
        FROM pg_class AS t
        JOIN pg_attribute ON attrelid = t.oid
        CROSS JOIN aclexplode(attacl)
        WHERE relnamespace = home AND relname = ANY(tables) AND grantee <> relowner
    ) AS found;

    FOR name, statement IN
        SELECT relname, conname
        FROM pg_constraint
        JOIN pg_class AS t ON t.oid = conrelid
        WHERE relnamespace = home AND relname = ANY(tables) AND contype = 'f'
    LOOP
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', name, statement);
    END LOOP;

    FOREACH name IN ARRAY tables
    LOOP
        -- The owner sees everybody's rows only while row-level security is not forced.
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I RENAME TO %I', name, name || '_whole');
        EXECUTE format(
            'CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH (user_id)',
            name, name || '_whole'
        );
        -- How rows are laid out is said of each partition: a partitioned table has none itself.
        SELECT coalesce('WITH (' || array_to_string(reloptions, ', ') || ')', '')
        INTO settings
        FROM pg_class
        WHERE oid = (name || '_whole')::regclass;
        FOR number IN 0 .. partitions - 1
        LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s) %s',
                           name || '_p' || number, name, partitions, number, settings);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name || '_p' || number);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name || '_p' || number);
        END LOOP;
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
        INTO columns
        FROM pg_attribute
        WHERE attrelid = (name || '_whole')::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I', name, columns, columns, name || '_whole');
        EXECUTE format('DROP TABLE %I', name || '_whole');
    END LOOP;

    FOREACH statement IN ARRAY afterwards
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
