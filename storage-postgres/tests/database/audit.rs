//! The database itself refuses to change the audit.

use chrono::DateTime;
use theo_calendar::{
    Result,
    audit::{Actor, AuditEntry, verify},
    storage::AuditStore,
};
use theo_calendar_postgres::testing::FreshDatabase;

#[tokio::test]
async fn a_record_cannot_be_changed_or_removed_even_by_a_superuser() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    let entry = AuditEntry {
        user: "ada".into(),
        actor: Actor::Service,
        action: "approval.requested".into(),
        approval: None,
        summary: "Move lunch".into(),
        at: DateTime::UNIX_EPOCH,
    };
    store.append_audit(&entry).await?;
    store.append_audit(&entry).await?;

    let mut superuser = database.superuser().await;
    for statement in
        ["UPDATE audit SET action = 'forged'", "DELETE FROM audit", "TRUNCATE audit", "DELETE FROM tenants"]
    {
        let refused = sqlx::query(statement).execute(&mut superuser).await;
        assert!(refused.is_err(), "{statement} must be refused");
    }

    let records = store.audit(&"ada".into(), 0, 10).await?;
    assert_eq!(records.len(), 2);
    verify(&records)
}
