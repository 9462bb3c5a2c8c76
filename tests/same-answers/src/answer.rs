//! The core's answers, as another language's package must give them.

use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use theo_calendar::{
    Error, ErrorKind, Result,
    conflict::{ConflictIndex, ConflictPolicy, Proposal, WorkingHours, format_conflict},
    google::EventsResponse,
    id::AccountKey,
    model::{Event, EventDraft},
    recurrence::{TimeZones, Tzdb, Zone, expand},
    time::TimeRange,
};

#[derive(Deserialize)]
struct Calendar<'a> {
    #[serde(borrow)]
    page: &'a RawValue,
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    range: Option<Value>,
    window: Option<Value>,
    event: Option<Value>,
    options: Value,
}

/// Writes a line for each question of `line`: the conflicts and how they read, or when the events take place in the
/// window asked for, or the code of an error.
pub(crate) fn write_answers(line: &str, out: &mut impl Write) -> io::Result<()> {
    let calendar: Calendar<'_> = serde_json::from_str(line)?;
    let page = EventsResponse::parse(calendar.page.get().as_bytes()).map_err(io::Error::other)?;
    let zone = zone(page.time_zone.as_deref()).map_err(io::Error::other)?;
    let key = AccountKey::new("", "").calendar("");
    let mut index = ConflictIndex::new();
    index.extend(&key, page.events.iter().cloned().map(Arc::new), zone, &Tzdb);
    for question in &calendar.questions {
        let answered = match &question.window {
            Some(window) => expansion(&page.events, window, &question.options),
            None => conflicts(&index, question),
        };
        match answered {
            Ok(answer) => writeln!(out, "{answer}")?,
            Err(error) => writeln!(out, "{}", error.kind().code())?,
        }
    }
    Ok(())
}

fn expansion(events: &[Event], window: &Value, options: &Value) -> Result<String> {
    let found =
        expand(events, &read::<TimeRange>(window.clone())?, zone(options["timeZone"].as_str())?, &Tzdb);
    let occurrences = found.occurrences.iter().map(|one| {
        let all_day = one.event.start.as_ref().is_some_and(|start| start.is_all_day());
        format!(
            r#"{{"id":{},"eventId":{},"span":{},"allDay":{all_day}}}"#,
            written(&one.id()),
            written(&one.event.id),
            written(&one.span)
        )
    });
    let occurrences = occurrences.collect::<Vec<_>>().join(",");
    let unreadable: Vec<_> =
        found.unreadable.iter().map(|(event, error)| (&event.id, error.to_string())).collect();
    Ok(format!(
        r#"{{"occurrences":[{occurrences}],"truncated":{},"unreadable":{}}}"#,
        found.truncated,
        written(&unreadable)
    ))
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn conflicts(index: &ConflictIndex, question: &Question) -> Result<String> {
    let options = &question.options;
    let calendar_zone = zone(options["timeZone"].as_str())?;
    let shown_in = zone(options["displayTimeZone"].as_str().or(options["timeZone"].as_str()))?;
    let minutes = |name: &str| Duration::from_secs(options[name].as_u64().unwrap_or_default() * 60);
    let is = |name: &str| options[name].as_bool().unwrap_or_default();
    let excluded = options["excludeEventId"].as_array().into_iter().flatten();
    let policy = ConflictPolicy {
        buffer_before: minutes("bufferBeforeMinutes"),
        buffer_after: minutes("bufferAfterMinutes"),
        travel_time: minutes("travelMinutes"),
        count_all_day: !is("ignoreAllDay"),
        count_tentative: !is("ignoreTentative"),
        count_unanswered: !is("ignoreUnanswered"),
        working_hours: working_hours(&options["workingHours"])?,
        exclude: excluded.filter_map(|id| Some(id.as_str()?.into())).collect(),
    };
    let mut proposal = proposal(question, calendar_zone)?;
    if !options["horizon"].is_null() {
        proposal = proposal.within(read(options["horizon"].clone())?);
    }
    let found = index.detect(&proposal, &policy);
    let lines: Vec<_> = found.conflicts.iter().map(|conflict| format_conflict(conflict, shown_in)).collect();
    Ok(format!(r#"{{"found":{},"lines":{}}}"#, written(&found), written(&lines)))
}

fn working_hours(hours: &Value) -> Result<Option<WorkingHours>> {
    let Some(mut hours) = hours.as_object().cloned() else { return Ok(None) };
    let time_zone = hours.remove("timeZone").unwrap_or_default();
    hours.insert("time_zone".to_owned(), time_zone);
    WorkingHours::of_written(&read(Value::Object(hours))?, &Tzdb).map(Some)
}

fn proposal(question: &Question, zone: &Zone) -> Result<Proposal> {
    if let Some(range) = &question.range {
        return Ok(read::<TimeRange>(range.clone())?.into());
    }
    let event = question.event.clone().unwrap_or_default();
    let draft: EventDraft = read(event.clone())?;
    let there: Option<Event> = if event["id"].is_null() { None } else { Some(read(event)?) };
    Proposal::of_edited(&draft, there.as_ref(), zone, &Tzdb)
}

fn read<T: serde::de::DeserializeOwned>(json: Value) -> Result<T> {
    serde_json::from_str(&json.to_string())
        .map_err(|error| Error::new(ErrorKind::InvalidInput, error.to_string()))
}

fn zone(name: Option<&str>) -> Result<&'static Zone> {
    static ZONES: Tzdb = Tzdb;
    ZONES.known(name.unwrap_or("UTC"))
}
