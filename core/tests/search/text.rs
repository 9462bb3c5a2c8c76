//! The text that stands for an event.

use chrono::NaiveDate;
use theo_calendar::{
    model::{Attendee, Event, Person},
    recurrence::{UtcOnly, Zone},
    search::{content_hash, event_text},
    time::EventTime,
};

use crate::home::{master, one_off};

fn berlin() -> Zone {
    Zone::new("Europe/Berlin", 3600, [(1_743_296_400, 7200)]).unwrap()
}

fn text(event: &Event) -> String {
    event_text(event, &berlin(), &UtcOnly)
}

#[test]
fn it_says_what_when_where_who_and_why() {
    let guest = |name: Option<&str>, address: &str| Attendee {
        display_name: name.map(Into::into),
        ..Attendee::new(address)
    };
    let organizer = Person {
        display_name: Some("Bob Ross".into()),
        email: Some("bob@example.com".into()),
        ..Person::default()
    };
    let me = Attendee { is_self: Some(true), ..guest(Some("Ada"), "ada@example.com") };
    let room = Attendee { resource: Some(true), ..guest(Some("Room 5"), "room@example.com") };
    let bob = Attendee { organizer: Some(true), ..guest(Some("Bob Ross"), "bob@example.com") };
    let event = Event {
        location: Some("Main Street 5".into()),
        organizer: Some(organizer),
        attendees: Some(vec![me, bob, room, guest(None, "eve@example.com")]),
        description: Some("<p>Bring the <b>X-rays</b>,<br>please &amp; thanks</p>".into()),
        ..one_off("a", "Dentist")
    };

    assert_eq!(
        text(&event),
        "Dentist\nFriday 28 March 2025, 11:00–12:00\nAt Main Street 5\n\
         With Bob Ross (bob@example.com), eve@example.com\nBring the X-rays , please & thanks"
    );
}

#[test]
fn days_and_series_are_said_in_words() {
    let day = |day| Some(EventTime::all_day(NaiveDate::from_ymd_opt(2025, 12, day).unwrap()));
    let holiday = |end| Event { start: day(24), end: day(end), ..one_off("a", "Holiday") };

    assert_eq!(text(&holiday(25)), "Holiday\nWednesday 24 December 2025, all day");
    assert_eq!(text(&holiday(27)), "Holiday\nWednesday 24 December 2025 – Friday 26 December 2025, all day");
    assert_eq!(
        text(&master("m", "Standup")),
        "Standup\nRepeats every week, since Friday 28 March 2025, 11:00–12:00"
    );
}

#[test]
fn it_is_bounded_and_the_same_each_time() {
    let event = Event {
        summary: Some("ü".repeat(1 << 20).into()),
        description: Some("<b>ö</b> ".repeat(1 << 16).into()),
        attendees: Some((0..5_000).map(|n| Attendee::new(format!("{n}@example.com"))).collect()),
        ..one_off("a", "")
    };

    let text = text(&event);

    assert!(text.chars().count() < 2_500, "{}", text.chars().count());
    assert_eq!(content_hash(&text), content_hash(&self::text(&event)));
    assert_ne!(content_hash(&text), content_hash("Lunch"));
}

#[test]
fn an_event_with_nothing_to_say_says_nothing() {
    assert_eq!(text(&Event::new("a")), "");
}
