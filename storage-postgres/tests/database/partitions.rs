//! The tables hash-partitioned by `partitioning/hash.sql`.

use sqlx::{Connection, PgConnection};
use theo_calendar::{Result, storage::CalendarStore};
use theo_calendar_postgres::testing::FreshDatabase;

use crate::{audit::append, feed::calendar_of};

/// A fresh database with partitioned tables, for a login that owns none.
pub(crate) async fn partitioned() -> FreshDatabase {
    let database = FreshDatabase::migrated().await;
    partition(&database).await;
    database.login(&["theo_app", "theo_worker"]).await
}

/// As its owner would.
async fn partition(database: &FreshDatabase) {
    let mut owner = PgConnection::connect(database.url()).await.expect("the database answers");
    let script = concat!("SET theo.partitions = 2;", include_str!("../../partitioning/hash.sql"));
    sqlx::raw_sql(script).execute(&mut owner).await.expect("the script runs");
}

#[tokio::test]
async fn rows_that_were_there_stay_each_persons_in_one_partition_and_nothing_is_lost() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let users = ["ada", "bob", "eve", "dan", "joy"];
    for user in users {
        calendar_of(&database.store(), user).await?;
        append(&database.store(), user).await?;
    }
    let mut superuser = database.superuser().await;
    let before = shape(&mut superuser).await;

    partition(&database).await;

    assert_eq!(shape(&mut superuser).await, before);
    for user in users {
        assert_eq!(database.store().calendars(&user.into()).await?.len(), 1);
        append(&database.store(), user).await?;
    }
    let spread = "
        SELECT user_id, count(DISTINCT tableoid)
        FROM calendars
        GROUP BY user_id";
    let spread: Vec<(String, i64)> = sqlx::query_as(spread).fetch_all(&mut superuser).await.expect("read");
    assert_eq!(spread.len(), users.len());
    assert!(spread.iter().all(|(_, partitions)| *partitions == 1), "{spread:?}");
    Ok(())
}

#[tokio::test]
async fn a_persons_query_reads_one_partition() {
    let database = partitioned().await;
    let mut member = PgConnection::connect(database.url()).await.expect("the database answers");
    sqlx::raw_sql("SET theo.user_id = 'ada'").execute(&mut member).await.expect("it can be set");

    let plan = "EXPLAIN SELECT body FROM events WHERE user_id = 'ada' AND account_id = 'a' ORDER BY event_id";
    let plan: Vec<String> = sqlx::query_scalar(plan).fetch_all(&mut member).await.expect("it is planned");

    let read = plan.iter().filter(|line| line.contains(" on events_p")).count();
    assert_eq!(read, 1, "{plan:#?}");
}

#[tokio::test]
async fn a_partition_is_reached_only_through_its_table_and_the_audits_are_append_only() -> Result<()> {
    let database = partitioned().await;
    append(&database.store(), "ada").await?;
    let mut member = PgConnection::connect(database.url()).await.expect("the database answers");
    for number in 0..2 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT FROM audit_p{number}"));
        let refused = sqlx::raw_sql(sql).execute(&mut member).await.expect_err("it has no grant");
        assert!(refused.to_string().contains("permission denied"), "{refused}");

        let mut superuser = database.superuser().await;
        let sql = sqlx::AssertSqlSafe(format!("TRUNCATE audit_p{number}"));
        let refused = sqlx::raw_sql(sql).execute(&mut superuser).await.expect_err("it is append-only");
        assert!(refused.to_string().contains("never changed or removed"), "{refused}");
    }
    for statement in ["UPDATE audit SET action = 'forged'", "DELETE FROM audit", "TRUNCATE audit"] {
        let refused = sqlx::raw_sql(statement).execute(&mut database.superuser().await).await;
        assert!(refused.is_err(), "{statement} must be refused");
    }
    Ok(())
}

/// What every table has, by name: columns, keys, indexes, foreign keys, checks, triggers, policies, grants.
async fn shape(superuser: &mut PgConnection) -> Vec<String> {
    let shape = "
        WITH tables AS (
            SELECT * FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        )
        SELECT concat_ws(' ', relname, relrowsecurity, relforcerowsecurity, relowner::regrole) FROM tables
        UNION ALL
        SELECT concat_ws(' ', relname, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated,
                         attcollation, pg_get_expr(adbin, adrelid), col_description(tables.oid, attnum))
        FROM tables
        JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        UNION ALL
        SELECT concat_ws(' ', relname, conname, pg_get_constraintdef(c.oid))
        FROM tables JOIN pg_constraint AS c ON conrelid = tables.oid
        WHERE contype <> 'f' OR conparentid = 0
        UNION ALL
        SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
        FROM tables JOIN pg_index ON indrelid = tables.oid
        UNION ALL
        SELECT pg_get_triggerdef(g.oid) FROM tables JOIN pg_trigger AS g ON tgrelid = tables.oid
        WHERE NOT tgisinternal
        UNION ALL
        SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check)
        FROM tables JOIN pg_policies ON tablename = relname
        UNION ALL
        SELECT concat_ws(' ', relname, grantee::regrole, privilege_type)
        FROM tables CROSS JOIN aclexplode(relacl)
        UNION ALL
        SELECT concat_ws(' ', relname, attname, grantee::regrole, privilege_type)
        FROM tables JOIN pg_attribute ON attrelid = tables.oid CROSS JOIN aclexplode(attacl)
        ORDER BY 1";
    sqlx::query_scalar(shape).fetch_all(superuser).await.expect("the catalogue can be read")
}
