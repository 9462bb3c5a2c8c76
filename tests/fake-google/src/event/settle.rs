//! From what a client wants to what Google keeps: merge, validation, and the fields only Google writes.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult};
use crate::event::{attendee, check, conference};
use crate::state::State;

/// The circumstances of a write.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    pub(crate) calendar: &'a str,
    pub(crate) person: &'a str,
    pub(crate) previous: Option<&'a Map<String, Value>>,
    pub(crate) conference: bool,
    /// An import keeps the organizer and the iCalUID it brings.
    pub(crate) import: bool,
}

/// Merges a patch: objects field by field, `null` removes, everything else (arrays too) is replaced whole.
pub(crate) fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (field, value) in patch {
        match (target.get_mut(field), value) {
            (_, Value::Null) => {
                target.remove(field);
            }
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (_, Value::Object(new)) => {
                let mut fresh = Map::new();
                merge(&mut fresh, new);
                target.insert(field.clone(), Value::Object(fresh));
            }
            _ => {
                target.insert(field.clone(), value.clone());
            }
        }
    }
}

/// The event Google keeps when `wanted` is written; etag and `updated` are stamped on storing.
pub(crate) fn settle(
    state: &mut State,
    write: &Write<'_>,
    mut wanted: Map<String, Value>,
) -> ApiResult<Map<String, Value>> {
    check::types(&wanted)?;
    if let Some(previous) = write.previous {
        attendee::restore_omitted(&mut wanted, previous, write.calendar);
    }
    let mut event: Map<String, Value> = Map::new();
    for (field, value) in wanted.iter().filter(|(field, value)| check::is_writable(field) && !value.is_null())
    {
        event.insert(field.clone(), value.clone());
    }
    identify(state, write, &wanted, &mut event)?;
    let zone = state.calendar(write.calendar)?.zone();
    settle_times(&mut event, zone)?;
    let organizer = event.get("organizer").map(attendee::email).unwrap_or_default().to_owned();
    attendee::settle(&mut event, write.calendar, &organizer)?;
    conference::settle(&mut event, write.previous, write.conference, &mut state.random)?;
    event.entry("reminders").or_insert_with(|| json!({ "useDefault": true }));
    check::limits(&event)?;
    settle_type(write, &mut event)?;
    settle_sequence(write, &mut event)?;
    event.entry("status").or_insert_with(|| "confirmed".into());
    for (field, default) in [("visibility", "default"), ("transparency", "opaque")] {
        if event.get(field).is_some_and(|value| value == default) {
            event.remove(field);
        }
    }
    event.retain(|_, value| {
        !value.as_object().is_some_and(Map::is_empty) && value.as_array() != Some(&vec![])
    });
    Ok(event)
}

/// The fields only Google writes, old ones kept.
fn identify(
    state: &mut State,
    write: &Write<'_>,
    wanted: &Map<String, Value>,
    event: &mut Map<String, Value>,
) -> ApiResult<()> {
    const OURS: [&str; 9] = [
        "kind",
        "id",
        "iCalUID",
        "created",
        "creator",
        "organizer",
        "htmlLink",
        "recurringEventId",
        "originalStartTime",
    ];
    if let Some(previous) = write.previous {
        for field in OURS {
            event.extend(previous.get(field).map(|value| (field.to_owned(), value.clone())));
        }
        return Ok(());
    }
    let id = match wanted.get("id").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => new_id(&mut state.random),
    };
    event.insert("id".into(), id.as_str().into());
    let brought = |field: &str| wanted.get(field).filter(|value| write.import && !value.is_null()).cloned();
    let now = state.clock.now().timestamp_millis();
    let summary = state.calendar(write.calendar)?.text("summary").to_owned();
    complete(
        event,
        &Origin { calendar: write.calendar, person: write.person, summary: &summary, created: now },
    );
    for field in ["iCalUID", "organizer"] {
        event.extend(brought(field).map(|value| (field.to_owned(), value)));
    }
    if let Some(Value::Object(organizer)) = event.get_mut("organizer") {
        organizer.remove("self");
        if organizer.get("email").is_some_and(|email| email == write.calendar) {
            organizer.insert("self".into(), true.into());
        }
    }
    Ok(())
}

/// Where and by whom an event is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) calendar: &'a str,
    pub(crate) person: &'a str,
    pub(crate) summary: &'a str,
    pub(crate) created: i64,
}

/// Fills in what Google adds to a new event that already has an id.
pub(crate) fn complete(event: &mut Map<String, Value>, origin: &Origin<'_>) {
    let id = event.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let who = |email: &str| {
        let mut map = Map::new();
        map.insert("email".into(), email.into());
        if email == origin.calendar {
            map.insert("self".into(), true.into());
        } else if email.ends_with("@group.calendar.google.com") {
            map.insert("displayName".into(), origin.summary.into());
        }
        map
    };
    let mut organizer = who(origin.calendar);
    if origin.calendar != origin.person {
        organizer.insert("displayName".into(), origin.summary.into());
    }
    event.entry("kind").or_insert_with(|| "calendar#event".into());
    event.entry("iCalUID").or_insert_with(|| format!("{id}@google.com").into());
    event.entry("created").or_insert_with(|| rfc3339(origin.created / 1000 * 1000).into());
    event.entry("creator").or_insert_with(|| who(origin.person).into());
    event.entry("organizer").or_insert_with(|| organizer.into());
    event.entry("status").or_insert_with(|| "confirmed".into());
    event.entry("htmlLink").or_insert_with(|| html_link(&id, origin.calendar).into());
    event.entry("sequence").or_insert_with(|| 0.into());
    event.entry("reminders").or_insert_with(|| json!({ "useDefault": true }));
    event.entry("eventType").or_insert_with(|| "default".into());
}

/// The page of an event in Google's UI.
pub(crate) fn html_link(id: &str, calendar: &str) -> String {
    let eid = data_encoding::BASE64URL_NOPAD.encode(format!("{id} {calendar}").as_bytes());
    format!("https://www.google.com/calendar/event?eid={eid}")
}

/// An id as Google makes them: 26 characters of base32hex.
pub(crate) fn new_id(random: &mut fastrand::Rng) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    (0..26).map(|_| char::from(DIGITS[random.usize(..32)])).collect()
}

fn settle_times(event: &mut Map<String, Value>, zone: Tz) -> ApiResult<()> {
    let (start, end) = check::times(event)?;
    event.insert("start".into(), start.json(zone));
    event.insert("end".into(), end.json(zone));
    Ok(())
}

fn settle_type(write: &Write<'_>, event: &mut Map<String, Value>) -> ApiResult<()> {
    let before = write.previous.and_then(|previous| previous.get("eventType")).cloned();
    let now = event
        .entry("eventType")
        .or_insert_with(|| before.clone().unwrap_or_else(|| "default".into()))
        .clone();
    if before.is_some_and(|before| before != now) {
        return Err(ApiError::new(400, "eventTypeRestriction", "Event type cannot be changed."));
    }
    if now == "fromGmail" && write.previous.is_none() {
        return Err(ApiError::new(
            400,
            "eventTypeRestriction",
            "An event of type fromGmail cannot be created.",
        ));
    }
    Ok(())
}

/// `sequence` rises when the time of the event changes, and never falls.
fn settle_sequence(write: &Write<'_>, event: &mut Map<String, Value>) -> ApiResult<()> {
    let asked = event.get("sequence").and_then(Value::as_i64).unwrap_or(0);
    let Some(previous) = write.previous else {
        event.insert("sequence".into(), asked.max(0).into());
        return Ok(());
    };
    let current = previous.get("sequence").and_then(Value::as_i64).unwrap_or(0);
    if event.contains_key("sequence") && asked < current {
        return Err(ApiError::invalid(
            "Invalid sequence value. The specified sequence number is below the current sequence number of the resource.",
        ));
    }
    let moved = ["start", "end", "recurrence"].iter().any(|field| previous.get(*field) != event.get(*field));
    event.insert("sequence".into(), asked.max(current + i64::from(moved)).into());
    Ok(())
}
