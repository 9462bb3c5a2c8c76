//! What was done, by whom: append-only, each record carrying the hash of the one before.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Error, ErrorKind, Result,
    approval::Principal,
    id::{ApprovalId, UserId},
};

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Whose calendar it concerns.
    pub user: UserId,
    /// Who did it.
    pub actor: Actor,
    /// What: `approval.requested`, `approval.executed`, `account.connected`.
    pub action: String,
    /// The approval it is a step of.
    pub approval: Option<ApprovalId>,
    /// A sentence on what it was; holds no secret.
    pub summary: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person or their agent.
    Principal(Principal),
    /// The service by itself: an expiry, a reconciliation.
    Service,
}

/// An entry in its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its number in the user's chain, from 1.
    pub number: u64,
    /// What was done.
    pub entry: AuditEntry,
    /// The hash of the record before; zeros for the first.
    pub previous: [u8; 32],
    /// SHA-256 over the number, the hash before and the entry.
    pub hash: [u8; 32],
}

impl AuditRecord {
    /// `entry` as the next record after `last`.
    pub fn chained(last: Option<&Self>, entry: AuditEntry) -> Self {
        let (number, previous) = last.map_or((1, [0; 32]), |last| (last.number + 1, last.hash));
        let hash = hash(number, &previous, &entry);
        Self { number, entry, previous, hash }
    }
}

/// Checks a user's whole chain, oldest record first.
///
/// # Errors
/// [`ErrorKind::Storage`], naming the first record that does not fit.
pub fn verify<'a>(records: impl IntoIterator<Item = &'a AuditRecord>) -> Result<()> {
    let mut last: Option<&AuditRecord> = None;
    for record in records {
        let expected = AuditRecord::chained(last, record.entry.clone());
        if *record != expected {
            let message =
                format!("audit record {} was tampered with: it does not fit the chain", record.number);
            return Err(Error::new(ErrorKind::Storage, message));
        }
        last = Some(record);
    }
    Ok(())
}

/// Each part is preceded by its length, so that no two entries hash the same bytes.
fn hash(number: u64, previous: &[u8; 32], entry: &AuditEntry) -> [u8; 32] {
    let actor = match &entry.actor {
        Actor::Service => "service".to_owned(),
        Actor::Principal(principal) => principal.to_string(),
    };
    let at = entry.at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let approval = entry.approval.as_ref().map_or("", ApprovalId::as_str);
    let mut digest = Sha256::new();
    digest.update(number.to_be_bytes());
    digest.update(previous);
    for part in [entry.user.as_str(), &actor, &entry.action, approval, &entry.summary, &at] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().into()
}
