//! A person's yes: asked, frozen, decided, executed once.

mod action;
mod machine;
mod payload;
mod preview;
mod state;

pub use action::{Action, ActionRequest, Principal, RecurrenceScope};
pub use machine::{Ask, DEFAULT_LIFETIME, MAX_ATTEMPTS, MAX_LIFETIME};
pub use payload::{APPROVAL_TAG, created_event_id, payload_hash};
pub use preview::{Emails, FieldChange, Preview};
pub use state::{Approval, ApprovalState, ApprovalVersion, Drift, Execution, Outcome};
