//! What a request would show, told without a mirror.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use theo_calendar::{
    ErrorKind, Result,
    approval::{Action, ActionRequest, Look, Named, Preview, RecurrenceScope},
    id::{AccountKey, CalendarKey},
    model::{Event, EventPatch, SendUpdates},
    recurrence::UtcOnly,
    storage::{CalendarSettings, MirroredCalendar},
};

fn now() -> DateTime<Utc> {
    "2030-05-01T00:00:00Z".parse().unwrap()
}

fn key() -> CalendarKey {
    AccountKey::new("", "ada@example.com").calendar("work")
}

fn calendar(role: &str) -> MirroredCalendar {
    let entry = json!({ "id": "work", "summary": "Work", "timeZone": "UTC", "accessRole": role });
    let entry = serde_json::from_value(entry).unwrap();
    MirroredCalendar { key: key(), entry, settings: CalendarSettings::default() }
}

fn time(day: u32, hour: u32) -> Value {
    json!({ "dateTime": format!("2030-05-{day:02}T{hour:02}:00:00Z"), "timeZone": "UTC" })
}

/// An event of one hour on Monday the 6th.
fn event(id: &str, hour: u32, more: Value) -> Event {
    let mut event = json!({ "id": id, "summary": id, "start": time(6, hour), "end": time(6, hour + 1) });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(event).unwrap()
}

fn daily(hour: u32) -> Event {
    event("daily", hour, json!({ "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"], "iCalUID": "daily@google.com" }))
}

/// `id` moved to `hour` of `day`.
fn moved(id: &str, day: u32, hour: u32, scope: RecurrenceScope) -> ActionRequest {
    let set =
        serde_json::from_value(json!({ "start": time(day, hour), "end": time(day, hour + 1) })).unwrap();
    let (event, patch) = (key().event(id), Box::new(EventPatch::new(set)));
    ActionRequest::new(Action::Update { event, patch, scope }).send_updates(SendUpdates::All)
}

fn deleted(id: &str, scope: RecurrenceScope) -> ActionRequest {
    ActionRequest::new(Action::Delete { event: key().event(id), scope })
}

fn shown(request: &ActionRequest, named: Named, exceptions: &[Event], taken: &[Event]) -> Result<Preview> {
    let calendar = calendar("owner");
    let look = Look::new(&"a1".into(), request, &calendar, named, &UtcOnly)?;
    look.preview(exceptions.to_vec(), taken.to_vec(), now())
}

fn one(event: &Event) -> Named {
    Named { event: Some(event.clone()), series: None }
}

fn of_series(series: &Event) -> Named {
    Named { event: None, series: Some(series.clone()) }
}

#[test]
fn a_move_shows_its_times_its_mails_and_what_it_runs_into() {
    let review = event("review", 10, json!({ "attendees": [{ "email": "bob@example.org" }] }));
    let taken = [event("early", 10, json!({})), daily(14), review.clone()];
    let request = moved("review", 6, 14, RecurrenceScope::All);

    let shown = shown(&request, one(&review), &[], &taken).unwrap();

    let changes: Vec<_> =
        shown.changes.iter().map(|change| (change.field.as_str(), change.after.as_deref())).collect();
    assert_eq!(changes, [("start", Some("Mon 2030-05-06 14:00")), ("end", Some("Mon 2030-05-06 15:00"))]);
    assert_eq!(shown.emails.outside, ["bob@example.org"]);
    let ids = |found: &[theo_calendar::conflict::Conflict]| -> Vec<String> {
        found.iter().map(|conflict| conflict.event_id.to_string()).collect()
    };
    assert_eq!(ids(&shown.conflicts_caused), ["daily"]);
    assert_eq!(ids(&shown.conflicts_solved), ["early"]);
    assert_eq!(shown.occurrences, ["Mon 2030-05-06 10:00–11:00 (UTC)"]);
}

#[test]
fn the_windows_are_the_times_given_up_and_taken() {
    let review = event("review", 10, json!({}));
    let (request, calendar) = (moved("review", 7, 14, RecurrenceScope::All), calendar("owner"));
    let look = Look::new(&"a1".into(), &request, &calendar, one(&review), &UtcOnly).unwrap();

    let windows: Vec<String> = look.windows(now()).iter().map(|one| one.start().to_rfc3339()).collect();

    assert_eq!(windows, ["2030-05-06T10:00:00+00:00", "2030-05-07T14:00:00+00:00"]);
}

#[test]
fn of_a_series_the_exceptions_are_shown_where_they_are() {
    let of_daily = |id: &str, day: u32, more: Value| {
        let mut exception = event(id, 9, more);
        exception.recurring_event_id = Some("daily".into());
        exception.original_start_time = Some(serde_json::from_value(time(day, 14)).unwrap());
        exception
    };
    let gone = of_daily("daily_20300506T140000Z", 6, json!({ "status": "cancelled" }));
    let early = of_daily("daily_20300507T140000Z", 7, json!({ "start": time(7, 9), "end": time(7, 10) }));

    let request = deleted("daily", RecurrenceScope::All);
    let shown = shown(&request, one(&daily(14)), &[gone, early], &[]).unwrap();

    assert_eq!(shown.occurrence_count, 4);
    assert_eq!(
        shown.occurrences[..2],
        ["Tue 2030-05-07 09:00–10:00 (UTC)", "Wed 2030-05-08 14:00–15:00 (UTC)"]
    );
}

#[test]
fn from_an_occurrence_on_only_what_follows_is_touched() {
    let request = deleted("daily_20300508T140000Z", RecurrenceScope::ThisAndFollowing);

    let shown = shown(&request, of_series(&daily(14)), &[], &[]).unwrap();

    assert_eq!(
        shown.summary,
        "Delete this and all that follow of \"daily\" on Wed 2030-05-08 14:00–15:00 (UTC)"
    );
    assert_eq!(shown.occurrence_count, 3);
}

#[test]
fn a_series_moves_by_as_much_as_its_named_occurrence_and_is_not_in_its_own_way() {
    let series = daily(14);
    let next =
        event("daily_20300507T140000Z", 14, json!({ "recurringEventId": "daily", "start": time(7, 14) }));
    let lunch = event("lunch", 12, json!({ "start": time(9, 12), "end": time(9, 13) }));
    let request = moved("daily_20300508T140000Z", 8, 12, RecurrenceScope::All);

    let shown = shown(&request, of_series(&series), &[], &[next, lunch]).unwrap();

    assert_eq!(shown.changes[0].after.as_deref(), Some("Mon 2030-05-06 12:00"));
    let caused: Vec<_> = shown.conflicts_caused.iter().map(|one| one.event_id.as_str()).collect();
    assert_eq!(caused, ["lunch"]);
}

#[test]
fn what_cannot_be_done_or_told_is_refused() {
    let review = event("review", 10, json!({}));
    let request = moved("review", 6, 14, RecurrenceScope::All);
    let kind = |request: &ActionRequest, role: &str, named: Named| {
        Look::new(&"a1".into(), request, &calendar(role), named, &UtcOnly).map(|_| ()).unwrap_err().kind()
    };

    assert_eq!(kind(&request, "reader", one(&review)), ErrorKind::Forbidden);
    assert_eq!(kind(&request, "owner", Named::default()), ErrorKind::NotFound);
    let cancelled = event("review", 10, json!({ "status": "cancelled" }));
    assert_eq!(kind(&request, "owner", one(&cancelled)), ErrorKind::Deleted);
    assert_eq!(
        kind(&deleted("daily", RecurrenceScope::This), "owner", one(&daily(14))),
        ErrorKind::InvalidInput
    );
    // The series that it is an occurrence of is not known.
    let occurrence = event("daily_20300507T140000Z", 14, json!({ "recurringEventId": "daily" }));
    let all = deleted("daily_20300507T140000Z", RecurrenceScope::All);
    assert_eq!(kind(&all, "owner", one(&occurrence)), ErrorKind::NotFound);
}
