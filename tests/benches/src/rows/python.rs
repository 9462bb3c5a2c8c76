//! What Python's package costs, beside what one would pick instead in Python: each contender is a process of its own.

use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::{
    google_page,
    rivals::python,
    row::{FEW_ROUNDS, Row},
};

/// The most that Google puts in a page.
const EVENTS: usize = 2_500;
const SERIES: i64 = 200;
const BUSY: u32 = 20_000;
/// Hours asked about in one run.
const HOURS: u32 = 100;
/// Hours of those who look at every event for each.
const FEW: u32 = 2;
const ZURICH: &str = "Europe/Zurich";

/// From Google's bytes to objects whose id, title and start were read.
pub(crate) fn page() -> Row {
    let page = google_page::page(EVENTS, 7);
    Row {
        work: format!("Python: the id, title and start of {EVENTS} events, from Google's bytes"),
        aim: "20 times as fast as gcsa",
        pieces: 1,
        rounds: FEW_ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            python("theo_calendar, parse_events_page", "page_as_theo_calendar", &page, EVENTS).of_ours(),
            python("theo_calendar, no field read yet", "objects_of_theo_calendar", &page, EVENTS).of_ours(),
            python("json.loads, gcsa 2.7.0", "json_and_gcsa", &page, EVENTS),
            python("google-api-python-client 2.202.0, dicts", "page_as_google_client", &page, EVENTS),
        ],
    }
}

/// A month of series that began ten years before, and when each of them starts there.
pub(crate) fn month() -> Row {
    let first: DateTime<Utc> = "2015-03-02T08:00:00Z".parse().expect("it is a time");
    let days = ["MO", "TU", "WE", "TH", "FR"];
    let (mut items, mut rules, mut ical) = (Vec::new(), Vec::new(), "BEGIN:VCALENDAR\r\n".to_owned());
    for (number, day) in (0..SERIES).zip(days.iter().cycle()) {
        let start = first + TimeDelta::days(number % 5) + TimeDelta::minutes(number % 32 * 15);
        let end = start + TimeDelta::minutes(30);
        let rule = format!("FREQ=WEEKLY;BYDAY={day}");
        let google = |at: DateTime<Utc>| json!({ "dateTime": at, "timeZone": ZURICH });
        // Zurich was an hour ahead of UTC on those days.
        let local = |at: DateTime<Utc>| (at + TimeDelta::hours(1)).format("%Y%m%dT%H%M%S");
        write!(
            ical,
            "BEGIN:VEVENT\r\nUID:series{number}\r\nDTSTART;TZID={ZURICH}:{}\r\nDTEND;TZID={ZURICH}:{}\r\nRRULE:{rule}\r\n\
             END:VEVENT\r\n",
            local(start),
            local(end)
        )
        .expect("a string takes all");
        let lines = [format!("RRULE:{rule}")];
        items.push(json!({ "id": format!("series{number}"), "start": google(start), "end": google(end), "recurrence": lines }));
        rules.push(json!([rule, start]));
    }
    ical.push_str("END:VCALENDAR\r\n");
    let calendar = json!({
        "page": { "timeZone": ZURICH, "items": items }, "series": rules, "ical": ical, "zone": ZURICH,
        "start": "2025-06-01T22:00:00Z", "end": "2025-06-29T22:00:00Z",
    });
    let wanted = SERIES * 4;
    Row {
        work: format!("Python: four weeks of {SERIES} weekly series that began ten years before"),
        aim: "faster than any",
        pieces: 1,
        rounds: FEW_ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            python("theo_calendar, expand", "month_by_theo_calendar", &calendar, wanted).of_ours(),
            python("dateutil 2.9.0", "month_by_dateutil", &calendar, wanted),
            python("recurring-ical-events 3.8.2", "month_by_recurring_ical_events", &calendar, wanted),
        ],
    }
}

/// What is in the way of an hour, with how bad it is and why; the rival only finds what overlaps.
pub(crate) fn conflicts() -> Row {
    let mut rng = Rng::with_seed(11);
    let mut minutes = |length: i32| {
        let start = rng.i32(0..2 * 365 * 24 * 60);
        [start, start + length]
    };
    let events: Vec<[i32; 2]> = (1..=BUSY).map(|number| minutes(15 * (1 + number as i32 % 8))).collect();
    let hours: Vec<[i32; 2]> = (0..HOURS).map(|_| minutes(60)).collect();
    let asked = |hours: &[[i32; 2]]| -> (Value, usize) {
        let overlaps =
            |hour: &[i32; 2]| events.iter().filter(|one| one[0] < hour[1] && hour[0] < one[1]).count();
        (json!({ "events": events, "windows": hours }), hours.iter().map(overlaps).sum())
    };
    let ((all, wanted), (few, wanted_of_few)) = (asked(&hours), asked(&hours[..FEW as usize]));
    Row {
        work: format!("Python: what is in the way of an hour, of {BUSY} events"),
        aim: "faster than intervaltree, which only finds what overlaps",
        pieces: HOURS,
        rounds: FEW_ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            python("theo_calendar, ConflictIndex.check", "conflicts_by_index", &all, wanted).of_ours(),
            python("theo_calendar, detect_conflicts", "conflicts_by_list", &few, wanted_of_few)
                .of_ours()
                .with_pieces(FEW),
            python("intervaltree 3.2.1", "overlaps_by_intervaltree", &all, wanted),
        ],
    }
}
