//! `events.import`, `events.move` and `events.quickAdd`.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use crate::calendar::Shape;
use crate::call::{Call, Reply};
use crate::error::{ApiError, ApiResult};
use crate::event::settle::{Write, html_link, settle};
use crate::event::write::{answer, finish, id_of};
use crate::event::{attendee, mail, read};
use crate::state::State;
use crate::when::{When, local_instant};

/// `events.import`: a private copy of an event that lives elsewhere; nobody is mailed.
pub(crate) fn import(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let calendar = state.writable(&call.person, call.path("calendarId"))?;
    let uid = call.body.get("iCalUID").and_then(Value::as_str).filter(|uid| !uid.is_empty());
    let uid = uid.ok_or_else(|| ApiError::required("iCalUID"))?;
    let needle = serde_json::to_string(uid).unwrap_or_default();
    let known = state.calendar(&calendar)?.events().find_map(|(_, stored)| {
        let same = stored.json.contains(&needle) && !matches!(stored.shape, Shape::Exception { .. });
        same.then(|| stored.map()).filter(|event| event.get("iCalUID").is_some_and(|held| held == uid))
    });
    let write = Write {
        calendar: &calendar,
        person: &call.person,
        previous: known.as_ref(),
        conference: call.conference_version()?,
        import: true,
    };
    let mut event = settle(state, &write, call.body.clone())?;
    state.store(&calendar, &id_of(&event), &mut event, true, false)?;
    finish(state, call, &calendar, &event);
    answer(call, event)
}

/// `events.move`: the event keeps its id and changes its organizer.
pub(crate) fn relocate(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let from = state.writable(&call.person, call.path("calendarId"))?;
    let destination = call.query.one("destination").ok_or_else(|| ApiError::required("destination"))?;
    let to = state.writable(&call.person, destination)?;
    let send = call.send_updates()?;
    let previous = read::find(state.calendar(&from)?, call.path("eventId"))?;
    call.check_etag(previous.get("etag"))?;
    if previous.get("status").is_some_and(|status| status == "cancelled") {
        return Err(ApiError::not_found());
    }
    let movable = previous.get("eventType").is_none_or(|kind| kind == "default");
    if previous.contains_key("recurringEventId") || !movable {
        return Err(ApiError::invalid("Only whole events of the default type can be moved."));
    }
    if previous.get("organizer").map(attendee::email) != Some(from.as_str()) {
        let message = "The event can only be moved by its organizer.";
        return Err(ApiError::forbidden("forbiddenForNonOrganizer", message));
    }
    if from == to {
        return answer(call, previous);
    }
    let id = id_of(&previous);
    if state.calendar(&to)?.event(&id).is_some_and(|stored| !stored.cancelled) {
        return Err(ApiError::duplicate());
    }
    let family: Vec<String> = state.calendar(&from)?.exceptions(&id).map(|(_, key)| key.clone()).collect();
    let mut moved = Map::new();
    for key in [vec![id.clone()], family].concat() {
        let Some(stored) = state.calendar(&from)?.event(&key) else { continue };
        let (mut here, mut there) = (stored.map(), stored.map());
        rehome(state, &mut there, &to)?;
        here.insert("status".into(), "cancelled".into());
        state.store(&from, &key, &mut here, true, false)?;
        state.store(&to, &key, &mut there, true, false)?;
        if key == id {
            moved = there;
        }
    }
    finish(state, call, &to, &moved);
    mail::send(state, &to, Some(&previous), Some(&moved), send);
    answer(call, moved)
}

fn rehome(state: &State, event: &mut Map<String, Value>, to: &str) -> ApiResult<()> {
    let summary = state.calendar(to)?.text("summary");
    event.insert("organizer".into(), json!({ "email": to, "displayName": summary, "self": true }));
    event.insert("htmlLink".into(), html_link(&id_of(event), to).into());
    attendee::settle(event, to, to)
}

/// `events.quickAdd`: "Lunch with Ada tomorrow 12:30pm-1pm".
pub(crate) fn quick_add(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let calendar = state.writable(&call.person, call.path("calendarId"))?;
    let send = call.send_updates()?;
    let text = call
        .query
        .one("text")
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| ApiError::required("text"))?;
    let zone = state.calendar(&calendar)?.zone();
    let body = understand(text, state.clock.now(), zone);
    let write =
        Write { calendar: &calendar, person: &call.person, previous: None, conference: false, import: false };
    let mut event = settle(state, &write, body)?;
    state.store(&calendar, &id_of(&event), &mut event, true, false)?;
    finish(state, call, &calendar, &event);
    mail::send(state, &calendar, None, Some(&event), send);
    answer(call, event)
}

/// Reads `today` or `tomorrow` and a time such as `10am` or `12:30pm-1pm`; the rest is the summary.
fn understand(text: &str, now: DateTime<Utc>, zone: Tz) -> Map<String, Value> {
    let local = now.with_timezone(&zone);
    let (mut day, mut times, mut words) = (None, None, Vec::new());
    for word in text.split_whitespace() {
        match word.to_lowercase().as_str() {
            "today" => day = Some(local.date_naive()),
            "tomorrow" => day = local.date_naive().checked_add_days(Days::new(1)),
            lower => match span(lower) {
                Some(span) => times = Some(span),
                None => words.push(word),
            },
        }
    }
    let date = day.unwrap_or(local.date_naive());
    let (start, end) = match (times, day) {
        (Some((from, to)), _) => {
            let start = local_instant(zone, date.and_time(from));
            let end = to.map_or(start + TimeDelta::hours(1), |to| local_instant(zone, date.and_time(to)));
            let end = if end < start { start + TimeDelta::hours(1) } else { end };
            (When::At(start, None), When::At(end, None))
        }
        (None, Some(date)) => (When::Day(date), When::Day(date.succ_opt().unwrap_or(date))),
        (None, None) => {
            let start = now + TimeDelta::hours(1) - TimeDelta::minutes(i64::from(now.minute()));
            (When::At(start, None), When::At(start + TimeDelta::hours(1), None))
        }
    };
    let mut event = Map::new();
    event.insert("summary".into(), words.join(" ").trim_end_matches(" at").into());
    event.insert("start".into(), start.json(zone));
    event.insert("end".into(), end.json(zone));
    event
}

fn span(word: &str) -> Option<(NaiveTime, Option<NaiveTime>)> {
    match word.split_once('-') {
        Some((from, to)) => Some((clock_time(from)?, Some(clock_time(to)?))),
        None => Some((clock_time(word)?, None)),
    }
}

fn clock_time(text: &str) -> Option<NaiveTime> {
    let (digits, shift) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, 0),
        (_, Some(digits)) => (digits, 12),
        _ => return None,
    };
    let (hour, minute) = digits.split_once(':').unwrap_or((digits, "0"));
    let hour: u32 = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    NaiveTime::from_hms_opt(hour % 12 + shift, minute.parse().ok()?, 0)
}
