//! What a sync is doing, what it did, and how the mirror stands.

use std::sync::Arc;

use pyo3::prelude::*;
use theo_calendar::{
    storage::{self, MirroredCalendar},
    sync::{self, SyncObserver, SyncResource},
};

use crate::{
    json,
    runtime::attached,
    value::{ToPython, values},
};

values! {
    /// A calendar as mirrored, with what the person chose here.
    json Calendar(MirroredCalendar) {
        /// Which.
        key,
        /// Google's id of it.
        id = |it| it.entry.id,
        /// Its title: the person's own for it, where there is one.
        title = |it| it.entry.summary_override.as_deref().or(it.entry.summary.as_deref()),
        /// Its description.
        description = |it| it.entry.description,
        /// The IANA name of its zone.
        time_zone = |it| it.entry.time_zone,
        /// What the person may do with it.
        access_role = |it| it.entry.access_role,
        /// Whether it is its account's own.
        is_primary = |it| it.entry.primary == Some(true),
        /// Whether its events are synced and count in conflicts.
        is_selected = |it| it.settings.is_selected,
        /// Whether lists leave it out.
        is_hidden = |it| it.settings.is_hidden,
        /// Its background, as `#0088aa`.
        background_color = |it| it.entry.background_color,
        /// Its foreground, as `#ffffff`.
        foreground_color = |it| it.entry.foreground_color,
    } with {
        /// Google's JSON of it, unknown fields too, as dicts and lists.
        fn to_google<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
            json::to_python(py, &self.0.entry)
        }
    }

    /// How far a sync is, after a page that was stored.
    json SyncProgress(sync::SyncProgress) {
        /// What the page was of: a calendar, or an account whose list of calendars it was.
        resource,
        /// The calendar's title, where it is one and has one.
        title,
        /// Number of the calendar among those to be synced, from 1; 0 for a list of calendars.
        calendar,
        /// Calendars to be synced.
        calendars,
        /// Whether it is listed completely.
        full,
        /// Pages of it stored in this run.
        pages,
        /// Events, or calendars of a list, that Google sent in this run.
        items,
        /// What they changed.
        counts,
        /// Whether that was its last page.
        finished,
    }

    /// What storing events changed in the mirror.
    json SyncCounts(storage::CommitCounts) {
        /// Events that were not there.
        added,
        /// Events that were there and differ.
        updated,
        /// Events that went.
        deleted,
        /// Events that were there already, as they are.
        unchanged,
        /// Events that cannot be read, kept as they came.
        quarantined,
    }

    /// What a sync did, in all and calendar by calendar. What failed stopped nothing else.
    json SyncReport(sync::SyncReport) {
        /// Whether nothing failed.
        is_complete = |it| it.is_complete(),
        /// Calendars brought up to date.
        calendars_processed,
        /// Events that Google sent, deleted and unreadable ones too.
        events_processed,
        /// Events new to the mirror.
        events_added,
        /// Events that differ from what was mirrored.
        events_updated,
        /// Events that left the mirror.
        events_deleted,
        /// Events that were mirrored as they are.
        events_unchanged,
        /// Events that cannot be read, kept as they came.
        events_quarantined,
        /// Each calendar that was worked on.
        calendars,
        /// What could not be synced.
        failures,
    }

    /// What a sync did to one calendar.
    json CalendarReport(sync::CalendarReport) {
        /// Which.
        calendar,
        /// Whether it was listed completely.
        full,
        /// Pages stored.
        pages,
        /// Events that Google sent.
        events,
        /// What they changed.
        counts,
        /// Whether it is up to date.
        finished,
    }

    /// Why something was not synced.
    json SyncFailure(sync::ResourceFailure) {
        /// What: a calendar, or an account whose list of calendars it is.
        resource,
        /// The kind of error: `.kind` of the class in `theo_calendar.errors`.
        kind = |it| it.failure.kind,
        /// A sentence for the person.
        message = |it| it.failure.message,
        /// When.
        at = |it| it.failure.at,
    }

    /// How a person's mirror stands, summed over their calendars.
    json SyncStatus(sync::SyncStatus) {
        /// In a word.
        status,
        /// What is wrong, in one sentence, where something is.
        error,
        /// Events in the mirror, cancelled ones left out.
        event_count,
        /// Calendars in the mirror.
        calendar_count,
        /// When something was last synced.
        last_sync_at,
        /// Since when every selected calendar has been listed completely; `None` until all have.
        last_full_sync_at,
        /// When the oldest complete listing under way began.
        full_sync_started_at,
        /// How many of a hundred selected calendars have been listed completely.
        full_sync_progress,
        /// Google's ids of selected calendars.
        sync_calendar_ids,
        /// Google's ids of calendars that are not selected.
        exclude_calendar_ids,
    }
}

impl ToPython for SyncResource {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::CalendarList(account) => account.to_python(py),
            Self::Events(calendar) => calendar.to_python(py),
        }
    }
}

/// Tells a function of `_sync.py` of each page, and of nothing when the sync let go of everything. It returns at once,
/// and fails only where its event loop is closed: nobody watches then.
pub(crate) struct Pages(pub(crate) Arc<Py<PyAny>>);

impl SyncObserver for Pages {
    fn page_stored(&self, progress: &sync::SyncProgress) {
        let _ = Python::attach(|py| self.0.call1(py, (SyncProgress(progress.clone()),)));
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let function = self.0.clone();
        attached(move |py| {
            let _ = function.call1(py, (py.None(),));
        });
    }
}
