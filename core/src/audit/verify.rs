//! Checking a chain: the first record that does not fit is named.

use super::{AuditRecord, ChainEnd};
use crate::{Error, ErrorKind, Result, id::UserId, storage::AuditStore};

/// How many records are in memory at once.
const PAGE: usize = 500;

/// Checks the whole chain of `user`, oldest record first, and says where it ends.
///
/// # Errors
/// [`ErrorKind::Storage`], naming the first record that does not fit.
pub fn verify<'a>(user: &UserId, records: impl IntoIterator<Item = &'a AuditRecord>) -> Result<ChainEnd> {
    follow(user, ChainEnd::default(), records)
}

/// Checks what is stored of `user`, page by page, against where the store says that it ends.
pub(crate) async fn verify_stored(store: &dyn AuditStore, user: &UserId) -> Result<ChainEnd> {
    // Asked first: records that are appended meanwhile come after it, and are checked too.
    let written = store.audit_end(user).await?;
    let mut end = ChainEnd::default();
    loop {
        let records = store.audit(user, end.number, PAGE).await?;
        if records.is_empty() {
            break;
        }
        let upto_written = records.partition_point(|record| record.number <= written.number);
        let (before, after) = records.split_at(upto_written);
        end = follow(user, end, before)?;
        if !before.is_empty() && end.number == written.number && end != written {
            return Err(broken(user, end.number, "it is not the one that was written last"));
        }
        end = follow(user, end, after)?;
    }
    if end.number < written.number {
        let last = written.number;
        return Err(broken(user, end.number + 1, &format!("it is missing, and {last} were written")));
    }
    Ok(end)
}

fn follow<'a>(
    user: &UserId,
    mut end: ChainEnd,
    records: impl IntoIterator<Item = &'a AuditRecord>,
) -> Result<ChainEnd> {
    for record in records {
        let next = end.number + 1;
        if record.number != next {
            return Err(broken(user, next, &format!("it is missing, and {} follows", record.number)));
        }
        if record.entry.user != *user || *record != end.extended(record.entry.clone()) {
            return Err(broken(user, next, "it does not fit the chain"));
        }
        end = record.end();
    }
    Ok(end)
}

fn broken(user: &UserId, number: u64, how: &str) -> Error {
    let message = format!("audit record {number} of user \"{user}\" was tampered with: {how}");
    Error::new(ErrorKind::Storage, message)
}
