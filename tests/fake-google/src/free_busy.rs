//! `freebusy.query`: when calendars are busy, with an error for each that cannot be told.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use crate::calendar::{Calendar, Shape, Stored};
use crate::call::{Call, Reply};
use crate::error::{ApiError, ApiResult};
use crate::event::attendee;
use crate::series::Series;
use crate::state::State;
use crate::when::{parameter_time, zone};

/// The most calendars one query may name.
const MOST_CALENDARS: usize = 50;

type Span = (DateTime<Utc>, DateTime<Utc>);

/// `freebusy.query`
pub(crate) fn query(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let time = |name: &'static str| -> ApiResult<DateTime<Utc>> {
        let text = call.body.get(name).and_then(Value::as_str).ok_or_else(|| ApiError::required(name))?;
        parameter_time(name, text)
    };
    let (min, max) = (time("timeMin")?, time("timeMax")?);
    if max <= min {
        return Err(ApiError::time_range_empty());
    }
    let shown = zone(call.body.get("timeZone").and_then(Value::as_str).unwrap_or("UTC"))?;
    let items = call.body.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let most = call.body.get("calendarExpansionMax").and_then(Value::as_u64).unwrap_or(MOST_CALENDARS as u64);
    if items.len() as u64 > most.min(MOST_CALENDARS as u64) {
        return Err(ApiError::new(
            400,
            "tooManyCalendarsRequested",
            "Too many calendars were requested: at most 50.",
        ));
    }
    let mut calendars = Map::new();
    for item in items {
        let id = item.get("id").and_then(Value::as_str).ok_or_else(|| ApiError::required("item id"))?;
        let answer = match state.visible(&call.person, id) {
            Ok((calendar, _)) => {
                let write =
                    |at: DateTime<Utc>| at.with_timezone(&shown).to_rfc3339_opts(SecondsFormat::Secs, true);
                let spans = busy(calendar, (min, max));
                let spans: Vec<Value> = spans
                    .into_iter()
                    .map(|(from, to)| json!({ "start": write(from), "end": write(to) }))
                    .collect();
                json!({ "busy": spans })
            }
            Err(_) => json!({ "errors": [{ "domain": "global", "reason": "notFound" }], "busy": [] }),
        };
        calendars.insert(id.to_owned(), answer);
    }
    let write = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    Ok(Reply::Json(json!({
        "kind": "calendar#freeBusy", "timeMin": write(min), "timeMax": write(max), "calendars": calendars
    })))
}

/// Merged busy spans inside a window.
fn busy(calendar: &Calendar, window: Span) -> Vec<Span> {
    let zone = calendar.zone();
    let mut spans: Vec<Span> = Vec::new();
    for (_, stored) in calendar.events() {
        let outside = stored.start >= window.1.timestamp() || stored.end <= window.0.timestamp();
        if stored.cancelled || outside {
            continue;
        }
        let event = stored.map();
        if !blocks(&event, &calendar.id) {
            continue;
        }
        spans.extend(occurrences(calendar, stored, &event, window, zone));
    }
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for (from, to) in spans {
        let (from, to) = (from.max(window.0), to.min(window.1));
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ if from < to => merged.push((from, to)),
            _ => {}
        }
    }
    merged
}

fn blocks(event: &Map<String, Value>, calendar: &str) -> bool {
    let free = event.get("transparency").is_some_and(|value| value == "transparent");
    let ambient = event.get("eventType").is_some_and(|kind| kind == "workingLocation" || kind == "birthday");
    let declined = attendee::list(event).iter().any(|guest| {
        attendee::email(guest) == calendar
            && guest.get("responseStatus").is_some_and(|answer| answer == "declined")
    });
    !free && !ambient && !declined
}

fn occurrences(
    calendar: &Calendar,
    stored: &Stored,
    event: &Map<String, Value>,
    window: Span,
    zone: Tz,
) -> Vec<Span> {
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    match Series::of(event) {
        Ok(Some(series)) if stored.shape == Shape::Master => {
            let id = event.get("id").and_then(Value::as_str).unwrap_or_default();
            let changed: Vec<i64> = calendar.exceptions(id).map(|(original, _)| original).collect();
            let all = series.instances(Some(window.0), Some(window.1), zone, 10_000).into_iter();
            let all = all.filter(|(start, _)| changed.binary_search(&start.key()).is_err());
            all.map(|(start, end)| (start.instant(zone), end.instant(zone))).collect()
        }
        _ => vec![(at(stored.start), at(stored.end))],
    }
}
