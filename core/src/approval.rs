//! A person's yes: asked, frozen, decided, executed once.

mod action;
mod preview;
mod state;

pub use action::{Action, ActionRequest, Principal, RecurrenceScope};
pub use preview::{Emails, FieldChange, Preview};
pub use state::{Approval, ApprovalState, ApprovalVersion, Execution, Outcome};
