//! What the person is shown before they decide.

use serde::Serialize;
use theo_calendar::{
    approval::{Emails, FieldChange, Preview},
    conflict::Conflict,
    recurrence::{TimeZones, Tzdb},
};
use utoipa::ToSchema;

use super::ConflictView;

/// What a change would do, in words and in parts.
#[derive(Serialize, ToSchema)]
#[schema(as = Preview)]
#[serde(rename_all = "camelCase")]
pub(super) struct PreviewView {
    /// One sentence.
    summary: String,
    /// The calendar's title.
    calendar: String,
    /// The zone its times are shown in.
    time_zone: String,
    changes: Vec<FieldChangeView>,
    /// When what it touches takes place: of a series the first few.
    occurrences: Vec<String>,
    occurrence_count: u64,
    /// Whether there are more than were counted.
    occurrences_truncated: bool,
    emails: EmailsView,
    conflicts_caused: Vec<ConflictView>,
    conflicts_solved: Vec<ConflictView>,
    /// Whether there may be more conflicts than these.
    conflicts_incomplete: bool,
}

/// One field, before and after, as a person reads it.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldChange)]
struct FieldChangeView {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// Who gets an email.
#[derive(Serialize, ToSchema)]
#[schema(as = Emails)]
struct EmailsView {
    /// Of the person's own domain.
    inside: Vec<String>,
    outside: Vec<String>,
}

impl PreviewView {
    pub(super) fn new(preview: &Preview) -> Self {
        let zone = Tzdb.zone_or_utc(Some(&preview.time_zone));
        let shown =
            |conflicts: &[Conflict]| conflicts.iter().map(|one| ConflictView::new(one, zone)).collect();
        Self {
            summary: preview.summary.clone(),
            calendar: preview.calendar.clone(),
            time_zone: preview.time_zone.clone(),
            changes: preview.changes.iter().map(FieldChangeView::new).collect(),
            occurrences: preview.occurrences.clone(),
            occurrence_count: preview.occurrence_count,
            occurrences_truncated: preview.occurrences_truncated,
            emails: EmailsView::new(&preview.emails),
            conflicts_caused: shown(&preview.conflicts_caused),
            conflicts_solved: shown(&preview.conflicts_solved),
            conflicts_incomplete: preview.conflicts_incomplete,
        }
    }
}

impl FieldChangeView {
    fn new(change: &FieldChange) -> Self {
        let FieldChange { field, before, after } = change.clone();
        Self { field, before, after }
    }
}

impl EmailsView {
    fn new(emails: &Emails) -> Self {
        let Emails { inside, outside } = emails.clone();
        Self { inside, outside }
    }
}
