//! What stands in the way.

use chrono::{DateTime, Utc};
use serde::Serialize;
use theo_calendar::{
    conflict::{Conflict, Duplicate, format_conflict},
    recurrence::Zone,
    time::{EventTime, TimeRange},
};
use utoipa::ToSchema;

/// A stretch of time in UTC; its end is not part of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Span {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// An event in the way.
#[derive(Serialize, ToSchema)]
#[schema(as = Conflict)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConflictView {
    /// Its Google id; of an occurrence of a series, its master's.
    event_id: String,
    /// The Google id of the occurrence, where the event is the master of a series.
    instance_id: Option<String>,
    /// Google's id of its calendar.
    calendar_id: Option<String>,
    /// The account it is seen through.
    account_id: Option<String>,
    /// Its title; text of others.
    summary: Option<String>,
    /// As Google has it.
    #[schema(value_type = Object)]
    start: EventTime,
    /// Likewise.
    #[schema(value_type = Object)]
    end: EventTime,
    /// The time it takes.
    span: Span,
    /// The time proposed that it is in the way of.
    proposed: Span,
    /// The time they share; none where they are only too close.
    overlap: Option<Span>,
    /// How many others are invited.
    guests: u32,
    /// `low`, `medium` or `high`.
    severity: &'static str,
    /// Why, in words for programs.
    reasons: Vec<&'static str>,
    /// The same meeting as it is seen elsewhere.
    duplicates: Vec<DuplicateView>,
    /// All of it in one line, safe to show.
    display: String,
}

/// The meeting of a conflict as it is seen elsewhere.
#[derive(Serialize, ToSchema)]
#[schema(as = Duplicate)]
#[serde(rename_all = "camelCase")]
struct DuplicateView {
    event_id: String,
    calendar_id: Option<String>,
    account_id: Option<String>,
    /// `same_event` or `looks_same`.
    reason: &'static str,
}

impl ConflictView {
    /// Shown in the local time of `zone`.
    pub(crate) fn new(conflict: &Conflict, zone: &Zone) -> Self {
        let text = |id: Option<&str>| id.map(str::to_owned);
        Self {
            event_id: conflict.event_id.to_string(),
            instance_id: text(conflict.instance_id.as_ref().map(|id| id.as_str())),
            calendar_id: text(conflict.calendar_id.as_ref().map(|id| id.as_str())),
            account_id: text(conflict.account_id.as_ref().map(|id| id.as_str())),
            summary: text(conflict.summary.as_deref()),
            start: conflict.start.clone(),
            end: conflict.end.clone(),
            span: conflict.span.into(),
            proposed: conflict.proposed.into(),
            overlap: conflict.overlap.map(Into::into),
            guests: conflict.guests,
            severity: conflict.severity.code(),
            reasons: conflict.reasons.iter().map(|reason| reason.code()).collect(),
            duplicates: conflict.duplicates.iter().map(DuplicateView::new).collect(),
            display: format_conflict(conflict, zone),
        }
    }
}

impl DuplicateView {
    fn new(duplicate: &Duplicate) -> Self {
        Self {
            event_id: duplicate.event_id.to_string(),
            calendar_id: duplicate.calendar_id.as_ref().map(ToString::to_string),
            account_id: duplicate.account_id.as_ref().map(ToString::to_string),
            reason: duplicate.reason.code(),
        }
    }
}

impl From<TimeRange> for Span {
    fn from(range: TimeRange) -> Self {
        Self { start: range.start(), end: range.end() }
    }
}
