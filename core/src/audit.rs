//! What was done, by whom: append-only, each record carrying the hash of the one before.

mod verify;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::verify::verify;
pub(crate) use self::verify::verify_stored;
use crate::{
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

/// Where a user's chain ends: at its last record, or before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChainEnd {
    /// The number of the last record; zero before the first.
    pub number: u64,
    /// Its hash; zeros before the first.
    pub hash: [u8; 32],
}

impl ChainEnd {
    /// `entry` as the record that comes next.
    pub fn extended(self, entry: AuditEntry) -> AuditRecord {
        let (number, previous) = (self.number + 1, self.hash);
        let hash = hash(number, &previous, &entry);
        AuditRecord { number, entry, previous, hash }
    }
}

impl AuditRecord {
    /// The end of a chain of which this is the last record.
    pub fn end(&self) -> ChainEnd {
        ChainEnd { number: self.number, hash: self.hash }
    }
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
