//! The text that stands for an event when its meaning is asked.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use sha2::{Digest, Sha256};

use super::{plain_text::plain_text, repetition::repetition};
use crate::{
    model::Event,
    recurrence::{TimeZones, Zone},
    text::one_line,
};

/// The form of [`event_text`]: it is part of the [`content_hash`], so that a new form embeds everything anew.
pub const EVENT_TEXT_VERSION: u8 = 1;

/// Characters of a title or a place.
const LINE_CHARACTERS: usize = 200;

/// Characters of a description: with the rest about the 256 tokens that small models read.
const DESCRIPTION_CHARACTERS: usize = 800;

/// People named, and characters of each.
const PEOPLE: usize = 12;
const PERSON_CHARACTERS: usize = 80;

/// What an embedder is given for `event`, in a calendar of `calendar_zone`: one line each, where there is something to
/// say.
///
/// | line | example |
/// |---|---|
/// | title, 200 characters | `Dentist` |
/// | when, as the calendar's clocks show it | `Friday 28 March 2025, 10:00–10:30` |
/// | how a series repeats | `Repeats every week, since Friday 28 March 2025, 10:00–10:30` |
/// | where, 200 characters | `At Main Street 5` |
/// | who: organizer and guests, 12 of them, without rooms and oneself | `With Bob Ross (bob@example.com), eve@example.com` |
/// | description as plain text, 800 characters | `Bring the X-rays` |
///
/// The same event in the same zone gives the same text.
pub fn event_text(event: &Event, calendar_zone: &Zone, zones: &dyn TimeZones) -> String {
    let lines = [
        event.summary.as_deref().map(|title| one_line(title, LINE_CHARACTERS)),
        when(event, calendar_zone, zones),
        event.location.as_deref().and_then(|place| said("At ", &one_line(place, LINE_CHARACTERS))),
        said("With ", &who(event)),
        event.description.as_deref().map(|html| one_line(&plain_text(html), DESCRIPTION_CHARACTERS)),
    ];
    let lines: Vec<String> = lines.into_iter().flatten().filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// What tells one `text` from another: SHA-256 over the form's version and the text.
pub fn content_hash(text: &str) -> [u8; 32] {
    Sha256::new().chain_update([EVENT_TEXT_VERSION]).chain_update(text).finalize().into()
}

fn when(event: &Event, calendar_zone: &Zone, zones: &dyn TimeZones) -> Option<String> {
    let span = event.first_span(calendar_zone, zones)?;
    let (start, end) = (calendar_zone.to_local(span.start()), calendar_zone.to_local(span.end()));
    let all_day = event.start.as_ref().is_some_and(|start| start.is_all_day());
    let when = match (all_day, event.takes_no_time()) {
        (true, _) => days(start.date(), (end - TimeDelta::seconds(1)).date()),
        (false, true) => format!("{}, {}", day(start.date()), clock(start)),
        (false, false) if start.date() == end.date() => {
            format!("{}, {}–{}", day(start.date()), clock(start), clock(end))
        }
        (false, false) => {
            format!("{}, {} – {}, {}", day(start.date()), clock(start), day(end.date()), clock(end))
        }
    };
    Some(match &event.recurrence {
        Some(recurrence) if event.is_master() => format!("Repeats {}, since {when}", repetition(recurrence)),
        _ => when,
    })
}

fn days(first: NaiveDate, last: NaiveDate) -> String {
    if last <= first {
        format!("{}, all day", day(first))
    } else {
        format!("{} – {}, all day", day(first), day(last))
    }
}

fn day(date: NaiveDate) -> String {
    format!("{} {} {}", date.format("%A"), date.day(), date.format("%B %Y"))
}

fn clock(time: NaiveDateTime) -> String {
    time.format("%H:%M").to_string()
}

fn who(event: &Event) -> String {
    let organizer = event.organizer.iter().filter(|person| person.is_self != Some(true));
    let organizer = organizer.map(|person| (person.display_name.as_deref(), person.email.as_deref()));
    let guests =
        event.attendees().iter().filter(|guest| guest.is_self != Some(true) && guest.resource != Some(true));
    let guests = guests.filter(|guest| guest.organizer != Some(true) || event.organizer.is_none());
    let guests = guests.map(|guest| (guest.display_name.as_deref(), guest.email.as_deref()));
    let named = organizer.chain(guests).filter_map(|person| match person {
        (Some(name), Some(address)) => Some(format!("{name} ({address})")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    });
    let named: Vec<String> = named.take(PEOPLE).map(|person| one_line(&person, PERSON_CHARACTERS)).collect();
    named.join(", ")
}

fn said(before: &str, what: &str) -> Option<String> {
    (!what.is_empty()).then(|| format!("{before}{what}"))
}
