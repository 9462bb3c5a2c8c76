//! An approval and the states it goes through.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ActionRequest, NamedOccurrence, Preview, Principal, Step};
use crate::{
    id::{ApprovalId, EventId, UserId},
    model::Event,
};

/// Counts the transitions of an approval: what compare-and-set compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApprovalVersion(pub u32);

/// Where an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Waits for the person.
    Pending,
    /// The person said yes; not yet executed.
    Approved,
    /// The intent is stored; Google may have been called.
    Executing,
    /// Done at Google, once.
    Executed,
    /// Not done, and never will be.
    Failed,
    /// Nobody knows yet whether it was done: it will be read back.
    Unknown,
    /// The person said no, or disconnected the account before it was begun.
    Rejected,
    /// Nobody decided, or nobody executed, in time.
    Expired,
    /// The event changed since it was asked.
    Stale,
}

impl ApprovalState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Approved,
        Self::Executing,
        Self::Executed,
        Self::Failed,
        Self::Unknown,
        Self::Rejected,
        Self::Expired,
        Self::Stale,
    ];

    /// Whether nothing comes after it.
    pub fn is_terminal(self) -> bool {
        use ApprovalState::{Executed, Expired, Failed, Rejected, Stale};
        matches!(self, Executed | Failed | Rejected | Expired | Stale)
    }

    /// Its name as programs see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Executing => "executing",
            Self::Executed => "executed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Stale => "stale",
        }
    }
}

impl fmt::Display for ApprovalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A request for a change, frozen as it was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// Counts its transitions.
    pub version: ApprovalVersion,
    /// Whose yes it needs.
    pub user: UserId,
    /// Where it stands.
    pub state: ApprovalState,
    /// What was asked.
    pub request: ActionRequest,
    /// [`payload_hash`](super::payload_hash) of the request and of the event it was shown against: checked at every
    /// step that leads to a change, so that what is done is what was shown.
    pub payload_hash: [u8; 32],
    /// The event as it was when asked; none where one is made.
    pub snapshot: Option<Box<Event>>,
    /// The occurrence that was named, where more of its series is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<NamedOccurrence>,
    /// What the person is shown.
    pub preview: Preview,
    /// Who asked.
    pub requested_by: Principal,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// From when on it may no longer be decided or executed.
    pub expires_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<Principal>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// What the person wrote with the decision.
    pub notes: Option<String>,
    /// The approval this one is an edited version of.
    pub supersedes: Option<ApprovalId>,
    /// The intent, once there is one.
    pub execution: Option<Execution>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The intent to call Google, stored before the call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    /// The event it changes; for a new one, derived from the approval's id.
    pub event: EventId,
    /// How often Google was called for it; of several steps, for the one that is under way.
    pub attempts: u32,
    /// When the first call began.
    pub started_at: DateTime<Utc>,
    /// The calls it takes, where it takes more than one or another than its action says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// How many of them are done.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub done: u32,
    /// What [`Outcome::Done`] will say of duplicates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<EventId>,
}

impl Execution {
    /// One call that changes `event`, begun at `now`.
    pub fn of(event: EventId, now: DateTime<Utc>) -> Self {
        Self { event, attempts: 1, started_at: now, steps: Vec::new(), done: 0, duplicates: Vec::new() }
    }

    /// The step that is under way; none where there is but the one call.
    pub fn step(&self) -> Option<&Step> {
        self.steps.get(self.done as usize)
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// How an approval ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Done.
    Done {
        /// The event it made or changed.
        event: EventId,
        /// Other events that carry the same approval's mark: Google took an insert twice.
        duplicates: Vec<EventId>,
    },
    /// Not done.
    NotDone {
        /// [`ErrorKind::code`](crate::ErrorKind::code).
        kind: String,
        /// A sentence for the person.
        message: String,
    },
    /// Begun, and not brought to its end: some of its steps are done, and the others never will be.
    PartlyDone {
        /// The event it began with.
        event: EventId,
        /// [`ErrorKind::code`](crate::ErrorKind::code) of what stopped it.
        kind: String,
        /// What is done and what is not, in a sentence for the person.
        message: String,
    },
    /// Not done, because the event changed since it was asked.
    Drifted(Drift),
}

/// How an event changed between the asking and the doing: a three-way merge, offered and never taken by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Google's names of the fields somebody else changed.
    pub theirs: Vec<String>,
    /// Those of them that this approval changes too, to something else.
    pub collisions: Vec<String>,
    /// Whether the event is gone.
    pub is_gone: bool,
}

impl Drift {
    /// Whether asking again would keep what both sides want: the event is there and no field collides.
    pub fn can_merge(&self) -> bool {
        !self.is_gone && self.collisions.is_empty()
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_gone {
            return f.write_str("the event was deleted since this was asked; nothing was changed");
        }
        if self.theirs.is_empty() {
            return f.write_str(
                "somebody changed the event at the same moment; nothing was overwritten: ask again",
            );
        }
        let theirs = self.theirs.join(", ");
        if self.collisions.is_empty() {
            write!(
                f,
                "somebody changed {theirs} since this was asked; nothing was overwritten: ask again to keep both"
            )
        } else {
            let both = self.collisions.join(", ");
            write!(
                f,
                "somebody changed {theirs} since this was asked, and this would change {both} too; nothing was overwritten"
            )
        }
    }
}
