//! Occurrences of a series: made on the fly until somebody changes one.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::calendar::{Calendar, Stored};
use crate::call::{Call, Reply, Window};
use crate::error::{ApiError, ApiResult};
use crate::event::page::{self, Head};
use crate::event::read::{View, listed};
use crate::series::Series;
use crate::state::State;
use crate::when::{When, parameter_time};

/// How many occurrences of one endless series are ever listed (Google stops near two years of a daily one).
pub(crate) const MOST_INSTANCES: usize = 730;

/// The occurrence of `master` that starts at `original`.
pub(crate) fn of(master: &Map<String, Value>, original: &When, zone: Tz) -> ApiResult<Map<String, Value>> {
    let series = Series::of(master)?.ok_or_else(ApiError::not_found)?;
    let (start, end) = series.find(original.key()).ok_or_else(ApiError::not_found)?;
    if start.is_day() != original.is_day() {
        return Err(ApiError::not_found());
    }
    Ok(render(master, &start, &end, zone))
}

fn render(master: &Map<String, Value>, start: &When, end: &When, zone: Tz) -> Map<String, Value> {
    let id = master.get("id").and_then(Value::as_str).unwrap_or_default();
    let mut event = master.clone();
    event.remove("recurrence");
    event.insert("id".into(), format!("{id}_{}", start.id_suffix()).into());
    event.insert("recurringEventId".into(), id.into());
    let mut original = start.json(zone);
    if let (Value::Object(original), When::At(_, Some(name))) = (&mut original, start) {
        original.insert("timeZone".into(), name.as_str().into());
    }
    event.insert("originalStartTime".into(), original);
    event.insert("start".into(), start.json(zone));
    event.insert("end".into(), end.json(zone));
    event
}

/// An occurrence for a listing: when it starts, and its JSON.
pub(crate) type Placed = (i64, std::sync::Arc<str>);

/// The occurrences of a stored master inside a window, leaving out those that are stored as exceptions.
pub(crate) fn unchanged(calendar: &Calendar, stored: &Stored, window: Window, view: &View) -> Vec<Placed> {
    let master = stored.map();
    let Ok(Some(series)) = Series::of(&master) else { return Vec::new() };
    let id = master.get("id").and_then(Value::as_str).unwrap_or_default();
    let changed: Vec<i64> = calendar.exceptions(id).map(|(original, _)| original).collect();
    let zone = calendar.zone();
    let mut placed = Vec::new();
    for (start, end) in series.instances(window.0, window.1, zone, MOST_INSTANCES) {
        if changed.binary_search(&start.key()).is_ok() {
            continue;
        }
        let mut event = render(&master, &start, &end, zone);
        if stored.cancelled {
            event.retain(|field, _| {
                ["kind", "etag", "id", "status", "recurringEventId", "originalStartTime"]
                    .contains(&field.as_str())
            });
        }
        view.show(&mut event);
        let json = serde_json::to_string(&event).unwrap_or_default();
        placed.push((start.instant(zone).timestamp(), json.into()));
    }
    placed
}

/// `events.instances`
pub(crate) fn list(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let (calendar, role) = state.visible(&call.person, call.path("calendarId"))?;
    let stored = calendar.event(call.path("eventId")).ok_or_else(ApiError::not_found)?;
    if Series::of(&stored.map())?.is_none() {
        return Err(ApiError::invalid("The event is not a recurring event."));
    }
    let window = call.query.window()?;
    let view = View::of(call, role)?;
    let show_deleted = call.query.flag("showDeleted")? || call.query.flag("showHiddenInvitations")?;
    let max = call.query.limit("maxResults", 250, 2500)?;
    let mut placed = if stored.cancelled && !show_deleted {
        Vec::new()
    } else {
        unchanged(calendar, stored, window, &view)
    };
    let zone = calendar.zone();
    for (_, key) in calendar.exceptions(call.path("eventId")) {
        let Some(exception) = calendar.event(key).filter(|exception| !exception.bare) else { continue };
        let inside = window.0.is_none_or(|from| exception.end > from.timestamp())
            && window.1.is_none_or(|to| exception.start < to.timestamp());
        if inside && (show_deleted || !exception.cancelled) {
            placed.push((exception.start, listed(exception, &view)));
        }
    }
    if let Some(wanted) = call.query.one("originalStart") {
        let wanted = match wanted.parse::<chrono::NaiveDate>() {
            Ok(day) => When::Day(day).instant(zone),
            Err(_) => parameter_time("originalStart", wanted)?,
        };
        placed.retain(|(_, json)| original_start(json, zone) == Some(wanted));
    }
    placed.sort_by_key(|(start, _)| *start);
    let head = Head::of(state, call)?;
    page::cut(state, call, &head, placed.into_iter().map(|(_, json)| json).collect(), max, None)
}

fn original_start(json: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let event: Map<String, Value> = serde_json::from_str(json).ok()?;
    let when = When::parse(event.get("originalStartTime")?, "originalStartTime").ok()?;
    Some(when.instant(zone))
}
