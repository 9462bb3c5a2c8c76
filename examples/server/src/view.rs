//! What answers look like: the SDK's values under the names of the API, in camel case.

mod account;
mod approval;
mod calendar;
mod conflict;
mod event;
mod hours;
mod page;
mod preview;
mod scope;
mod sync;

pub(crate) use account::AccountView;
pub(crate) use approval::ApprovalView;
pub(crate) use calendar::CalendarView;
pub(crate) use conflict::{ConflictView, Span};
pub(crate) use event::{EventFields, EventView};
pub(crate) use hours::Hours;
pub(crate) use page::{Page, limit, next_page};
pub(crate) use scope::Scope;
pub(crate) use sync::{SyncReportView, SyncStatusView};
