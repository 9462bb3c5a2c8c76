//! The audit: append-only, one chain a person.

use async_trait::async_trait;
use theo_calendar::{
    Error, ErrorKind, Result,
    audit::{AuditEntry, AuditRecord, ChainEnd},
    id::{ApprovalId, UserId},
    storage::AuditStore,
};

use crate::{
    PostgresStore,
    convert::{count, hash, int, json, without_nul},
    error::failed,
    tenant::Writing,
};

#[async_trait]
impl AuditStore for PostgresStore {
    async fn append_audit(&self, entry: &AuditEntry) -> Result<AuditRecord> {
        let mut writing = self.writing(&entry.user).await?;
        let record = writing.append_audit(entry).await?;
        writing.commit().await?;
        Ok(record)
    }

    async fn audit(&self, user: &UserId, after: u64, limit: usize) -> Result<Vec<AuditRecord>> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(RECORDS).bind(user.as_str()).bind(int(after)).bind(int(limit));
        let rows: Vec<Row> = query.fetch_all(&mut *reading).await.map_err(failed("reading the audit"))?;
        reading.commit().await.map_err(failed("reading the audit"))?;
        rows.into_iter().map(|row| record(user, row)).collect()
    }

    async fn audit_end(&self, user: &UserId) -> Result<ChainEnd> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(END).bind(user.as_str());
        let end: Option<(i64, Vec<u8>)> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading the audit"))?;
        reading.commit().await.map_err(failed("reading the audit"))?;
        let end = end.map(|(number, own)| ChainEnd { number: count(number), hash: hash(&own) });
        Ok(end.unwrap_or_default())
    }
}

/// Number, entry, previous, hash.
type Row = (i64, String, Vec<u8>, Vec<u8>);

/// By the primary key, in its order.
const RECORDS: &str = "
    SELECT number, entry, previous, hash
    FROM audit
    WHERE user_id = $1
      AND number > $2
    ORDER BY number
    LIMIT $3";

/// By the primary key.
const END: &str = "
    SELECT audit_number, audit_hash
    FROM tenants
    WHERE user_id = $1";

impl Writing {
    /// Appends an entry after the last: the person's row is held, so nobody else does.
    pub(crate) async fn append_audit(&mut self, entry: &AuditEntry) -> Result<AuditRecord> {
        let record = self.audit_end().extended(entry.clone());
        let query = sqlx::query(APPEND)
            .bind(self.user.as_str())
            .bind(int(record.number))
            .bind(entry.approval.as_ref().map(ApprovalId::as_str))
            .bind(without_nul(&entry.action))
            .bind(entry.at)
            .bind(json(entry)?)
            .bind(&record.previous[..])
            .bind(&record.hash[..]);
        query.execute(&mut *self.transaction).await.map_err(failed("appending to the audit"))?;
        self.audit_ends_at(record.end());
        Ok(record)
    }
}

const APPEND: &str = "
    INSERT INTO audit (user_id, number, approval_id, action, at, entry, previous, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

fn record(user: &UserId, (number, entry, previous, own): Row) -> Result<AuditRecord> {
    let entry = serde_json::from_str(&entry).map_err(|error| {
        let message =
            format!("audit record {number} of user \"{user}\" cannot be read: was it written by a newer version, or changed?");
        Error::new(ErrorKind::Storage, message).with_source(error)
    })?;
    Ok(AuditRecord { number: count(number), entry, previous: hash(&previous), hash: hash(&own) })
}
