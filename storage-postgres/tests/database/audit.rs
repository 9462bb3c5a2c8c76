//! The database itself refuses to change the audit, and who changes it all the same is found out.

use chrono::DateTime;
use theo_calendar::{
    Result,
    audit::{Actor, AuditEntry, verify},
    storage::AuditStore,
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

#[tokio::test]
async fn a_record_cannot_be_changed_or_removed_even_by_a_superuser() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    append(&store, "ada").await?;
    append(&store, "ada").await?;

    let mut superuser = database.superuser().await;
    for statement in
        ["UPDATE audit SET action = 'forged'", "DELETE FROM audit", "TRUNCATE audit", "DELETE FROM tenants"]
    {
        let refused = sqlx::query(statement).execute(&mut superuser).await;
        assert!(refused.is_err(), "{statement} must be refused");
    }

    let records = store.audit(&"ada".into(), 0, 10).await?;
    assert_eq!(records.len(), 2);
    verify(&"ada".into(), &records).map(drop)
}

/// Appends a record for `user`.
pub(crate) async fn append(store: &PostgresStore, user: &str) -> Result<()> {
    let entry = AuditEntry {
        user: user.into(),
        actor: Actor::Service,
        action: "approval.requested".into(),
        approval: None,
        summary: "Move lunch".into(),
        at: DateTime::UNIX_EPOCH,
    };
    store.append_audit(&entry).await.map(drop)
}
