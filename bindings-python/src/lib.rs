//! The native half of the theo_calendar Python package: newtypes over [`theo_calendar`] and conversions, nothing else.
//!
//! `python/theo_calendar` is what is imported: it exports these, with what is better said in Python.

mod argument;
mod callback;
mod conflict;
mod error;
mod event;
mod event_list;
mod events;
mod json;
mod key;
mod occurrences;
mod runtime;
mod scopes;
mod service;
mod time;
mod value;
mod words;
mod work;

#[pyo3::pymodule]
mod _native {
    use pyo3::{prelude::*, types::PyTuple};
    use theo_calendar::ErrorKind;

    #[pymodule_export]
    use crate::{
        conflict::{
            Conflict, ConflictIndex, ConflictPolicy, Conflicts, WorkingHours, detect_conflicts,
            format_conflict, has_high_severity_conflicts,
        },
        event::{Attendee, Event, Person},
        events::{EventsPage, QuarantinedEvent, parse_event, parse_events_page},
        key::{AccountKey, CalendarKey, EventKey},
        occurrences::{Expansion, Occurrence, expand},
        scopes::{parse_scopes, scope_status},
        service::{
            Agenda, AgendaDay, AgendaItem, Agent, Approval, AuditRecord, Calendar, CalendarReport, ChainEnd,
            Change, Channel, Create, Delete, Drift, Emails, FieldChange, Outcome, Preview, Respond,
            SearchHit, SearchResults, Service, Slot, SlotNote, Slots, SyncCounts, SyncFailure, SyncProgress,
            SyncReport, SyncStatus, UnknownSpan, Update, User,
        },
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::words::add_to(module)?;
        crate::service::words::add_to(module)?;
        let shut_down = wrap_pyfunction!(crate::runtime::shut_down, module)?;
        module.py().import("atexit")?.call_method1("register", (shut_down,))?;
        let kinds = ErrorKind::ALL.iter().map(|kind| kind.code());
        module.add("ERROR_KINDS", PyTuple::new(module.py(), kinds)?)
    }
}
