//! How far the mirror is, and what a sync did.

use chrono::{DateTime, Utc};
use serde::Serialize;
use theo_calendar::{
    id::CalendarId,
    sync::{ResourceFailure, SyncActivity, SyncReport, SyncResource, SyncStatus},
};
use utoipa::ToSchema;

use crate::name;

/// How a person's mirror stands, summed over their calendars.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncStatus)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SyncStatusView {
    sync_status: SyncActivityView,
    /// What is wrong, in one sentence, where something is.
    sync_error: Option<String>,
    event_count: u64,
    calendar_count: u64,
    last_sync_at: Option<DateTime<Utc>>,
    /// Since when every selected calendar has been listed completely; none until all have.
    last_full_sync_at: Option<DateTime<Utc>>,
    full_sync_started_at: Option<DateTime<Utc>>,
    /// How many of a hundred selected calendars have been listed completely.
    #[schema(maximum = 100)]
    full_sync_progress: u8,
    /// Google's ids of selected calendars.
    sync_calendar_ids: Vec<String>,
    /// Google's ids of the others.
    exclude_calendar_ids: Vec<String>,
}

/// What a person's sync is at.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncActivity)]
#[serde(rename_all = "snake_case")]
enum SyncActivityView {
    /// Nothing is under way, and nothing is wrong.
    Idle,
    /// A listing is under way.
    Syncing,
    /// Something failed, and is tried again by itself.
    Error,
    /// Something waits for the person.
    Paused,
}

/// What a sync did. What failed stopped nothing else.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncReport)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SyncReportView {
    calendars_processed: u64,
    events_processed: u64,
    events_added: u64,
    events_updated: u64,
    events_deleted: u64,
    events_unchanged: u64,
    /// Events that could not be read, and were kept as they came.
    events_quarantined: u64,
    failures: Vec<FailureView>,
}

/// Why something was not synced.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncFailure)]
#[serde(rename_all = "camelCase")]
struct FailureView {
    account_id: String,
    /// The `id` of the calendar; none of an account's list of calendars.
    calendar_id: Option<String>,
    /// Why, for programs.
    code: String,
    /// Why, in a sentence.
    detail: String,
}

impl From<SyncStatus> for SyncStatusView {
    fn from(status: SyncStatus) -> Self {
        let ids = |ids: Vec<CalendarId>| ids.iter().map(ToString::to_string).collect();
        Self {
            sync_status: match status.status {
                SyncActivity::Idle => SyncActivityView::Idle,
                SyncActivity::Syncing => SyncActivityView::Syncing,
                SyncActivity::Error => SyncActivityView::Error,
                SyncActivity::Paused => SyncActivityView::Paused,
            },
            sync_error: status.error,
            event_count: status.event_count,
            calendar_count: status.calendar_count,
            last_sync_at: status.last_sync_at,
            last_full_sync_at: status.last_full_sync_at,
            full_sync_started_at: status.full_sync_started_at,
            full_sync_progress: status.full_sync_progress,
            sync_calendar_ids: ids(status.sync_calendar_ids),
            exclude_calendar_ids: ids(status.exclude_calendar_ids),
        }
    }
}

impl From<&SyncReport> for SyncReportView {
    fn from(report: &SyncReport) -> Self {
        Self {
            calendars_processed: report.calendars_processed,
            events_processed: report.events_processed,
            events_added: report.events_added,
            events_updated: report.events_updated,
            events_deleted: report.events_deleted,
            events_unchanged: report.events_unchanged,
            events_quarantined: report.events_quarantined,
            failures: report.failures.iter().map(FailureView::new).collect(),
        }
    }
}

impl FailureView {
    fn new(failed: &ResourceFailure) -> Self {
        let calendar = match &failed.resource {
            SyncResource::Events(key) => Some(name::of_calendar(key)),
            SyncResource::CalendarList(_) => None,
        };
        Self {
            account_id: failed.resource.account().account.to_string(),
            calendar_id: calendar,
            code: failed.failure.kind.clone(),
            detail: failed.failure.message.clone(),
        }
    }
}
