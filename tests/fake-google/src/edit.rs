//! Changes made by the person in Google's own pages: no client, no mail, no validation.

use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::error::{ApiError, ApiResult};
use crate::event::settle::{Origin, complete, merge, new_id};
use crate::event::write::{drop_unreached, id_of};
use crate::event::{read, remove};
use crate::series::split_instance_id;
use crate::state::State;
use crate::when::{When, local_instant};

/// Creates an event from whatever JSON is given; only what is missing is filled in.
pub(crate) fn create(state: &mut State, calendar: &str, event: Value) -> ApiResult<Value> {
    let Value::Object(mut event) = event else { return Err(ApiError::invalid("An event is a JSON object.")) };
    let home = state.calendar(calendar)?;
    let (owner, summary, zone) = (home.owner.clone(), home.text("summary").to_owned(), home.zone());
    if id_of(&event).is_empty() {
        event.insert("id".into(), new_id(&mut state.random).into());
    }
    let created = state.clock.now().timestamp_millis();
    complete(&mut event, &Origin { calendar, person: &owner, summary: &summary, created });
    normalize(&mut event, zone);
    let key = id_of(&event);
    state.store(calendar, &key, &mut event, true, false)?;
    Ok(Value::Object(event))
}

/// Times in the calendar's zone, as Google shows them; what is no time at all stays as it is.
fn normalize(event: &mut Map<String, Value>, zone: Tz) {
    const KNOWN: [&str; 3] = ["date", "dateTime", "timeZone"];
    for field in ["start", "end", "originalStartTime"] {
        let plain = event.get(field).filter(|value| {
            value.as_object().is_some_and(|map| map.keys().all(|key| KNOWN.contains(&key.as_str())))
        });
        if let Some(when) = plain.and_then(|value| When::parse(value, field).ok()) {
            event.insert(field.into(), when.json(zone));
        }
    }
}

/// Patches an event, or one occurrence of a series, which becomes an exception.
pub(crate) fn patch(state: &mut State, calendar: &str, id: &str, patch: &Value) -> ApiResult<Value> {
    let patch = patch.as_object().ok_or_else(|| ApiError::invalid("A patch is a JSON object."))?;
    let before = read::find(state.calendar(calendar)?, id)?;
    let mut event = before.clone();
    merge(&mut event, patch);
    normalize(&mut event, state.calendar(calendar)?.zone());
    let only_reminders = patch.keys().all(|field| field == "reminders");
    state.store(calendar, id, &mut event, !only_reminders, false)?;
    if ["recurrence", "start"].iter().any(|field| before.get(*field) != event.get(*field)) {
        drop_unreached(state, calendar, &event)?;
    }
    Ok(Value::Object(event))
}

/// Deletes an event, or one occurrence of a series.
pub(crate) fn delete(state: &mut State, calendar: &str, id: &str) -> ApiResult<()> {
    let event = read::find(state.calendar(calendar)?, id)?;
    if event.get("status").is_some_and(|status| status == "cancelled") {
        return Err(ApiError::deleted());
    }
    remove::cancel(state, calendar, &event).map(|_| ())
}

/// "This and following" as Google's own pages do it: the old series ends the day before, the new one is
/// `<base>_R20250326T123000` with an iCalUID of its own. Gives the new master.
pub(crate) fn split(state: &mut State, calendar: &str, instance: &str, changes: &Value) -> ApiResult<Value> {
    let occurrence = read::find(state.calendar(calendar)?, instance)?;
    let (base, original) = split_instance_id(instance).ok_or_else(ApiError::not_found)?;
    let master = read::find(state.calendar(calendar)?, base)?;
    let zone = state.calendar(calendar)?.zone();
    let lines: Vec<String> = master
        .get("recurrence")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|line| line.as_str().map(str::to_owned))
        .collect();
    let named = own_zone(&occurrence).unwrap_or(zone);
    let start = original.instant(zone).with_timezone(&named);
    let day_before = start.date_naive().pred_opt().unwrap_or(start.date_naive());
    let until = if original.is_day() {
        day_before.format("%Y%m%d").to_string()
    } else {
        let last = day_before.and_hms_opt(23, 59, 59).unwrap_or_default();
        local_instant(named, last).format("%Y%m%dT%H%M%SZ").to_string()
    };
    let trimmed: Vec<Value> = lines.iter().map(|line| with_until(line, &until).into()).collect();
    let suffix = if original.is_day() { start.format("%Y%m%d") } else { start.format("%Y%m%dT%H%M%S") };
    let id = format!("{base}_R{suffix}");
    let mut follower: Map<String, Value> = occurrence;
    for field in ["recurringEventId", "originalStartTime", "htmlLink", "created"] {
        follower.remove(field);
    }
    follower.insert("iCalUID".into(), format!("{id}@google.com").into());
    follower.insert("id".into(), id.into());
    follower.insert("recurrence".into(), lines.into());
    if let Some(changes) = changes.as_object() {
        merge(&mut follower, changes);
    }
    patch(state, calendar, base, &serde_json::json!({ "recurrence": trimmed }))?;
    create(state, calendar, Value::Object(follower))
}

/// The same rule, ending at `until` instead of after a count or at another time.
fn with_until(line: &str, until: &str) -> String {
    let Some(rule) = line.strip_prefix("RRULE:") else { return line.to_owned() };
    let kept = rule.split(';').filter(|part| !part.starts_with("UNTIL=") && !part.starts_with("COUNT="));
    format!("RRULE:{};UNTIL={until}", kept.collect::<Vec<_>>().join(";"))
}

/// The zone an event names for its start.
fn own_zone(event: &Map<String, Value>) -> Option<Tz> {
    event.get("start")?.get("timeZone")?.as_str()?.parse().ok()
}
