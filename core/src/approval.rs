//! A person's yes: asked, frozen, decided, executed once.
//!
//! [`Approvals`] is what the service holds. Below it, pure and without IO: the states and steps ([`Approval`]), what a
//! change writes (`merge`), whether it still fits (`drift`), and what the person is shown ([`Preview`]).

mod action;
mod desk;
mod drift;
mod execute;
mod follow;
mod freeze;
mod look;
mod machine;
mod merge;
mod mirror;
mod payload;
mod plan;
mod preview;
mod reconcile;
mod record;
mod series;
mod state;
mod step;
mod withdraw;

pub use action::{Action, ActionRequest, Principal, RecurrenceScope};
pub use desk::{ApprovalRun, Approvals, Decision};
pub use look::{Look, Named};
pub use machine::{Ask, DEFAULT_LIFETIME, MAX_ATTEMPTS, MAX_LIFETIME};
pub use payload::{APPROVAL_TAG, Shown, created_event_id, payload_hash};
pub use preview::{Emails, FieldChange, Preview};
pub use series::NamedOccurrence;
pub use state::{Approval, ApprovalState, ApprovalVersion, Drift, Execution, Outcome};
pub use step::{CARRIED_TAG, Step};
