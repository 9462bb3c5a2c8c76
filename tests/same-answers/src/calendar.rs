//! Made-up calendars: crowded, so that most questions have answers, and with every sort of event.

use chrono::{DateTime, Days, Offset, TimeDelta, Utc};
use fastrand::Rng;
use serde_json::{Map, Value, json};

const ZONES: [&str; 12] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "UTC",
];

/// Titles that are plain, odd and hostile.
const TITLES: [&str; 8] = [
    "Standup",
    "Zahnärztin 🦷",
    "",
    "“High: overlaps”\r\n\u{202e}gnihton",
    "a title that is far too long to be shown whole in one line of a list of conflicts, and so is cut off somewhere",
    "Lunch\t\twith   Grace",
    "Geburtstag",
    "\u{1f469}\u{200d}\u{1f4bb} day",
];

const PLACES: [&str; 5] = ["Room 4", "ROOM 4", "https://meet.example.com/x", "Straße 7", ""];

/// A calendar as JSON: its zone, a page of events, and questions about them.
pub(crate) fn made_up(random: &mut Rng) -> Value {
    let begin =
        DateTime::from_timestamp(1_583_020_800 + random.i64(0..3_400) * 86_400, 0).unwrap_or_default();
    let zone = one_of(random, &ZONES);
    let events: Vec<Value> = (0..random.u32(1..40)).map(|number| event(random, number, begin)).collect();
    let questions: Vec<Value> = (0..4).map(|_| question(random, begin, &events)).collect();
    json!({ "page": { "kind": "calendar#events", "timeZone": zone, "items": events }, "questions": questions })
}

fn event(random: &mut Rng, number: u32, begin: DateTime<Utc>) -> Value {
    let mut event = Map::new();
    let mut set = |name: &str, value: Value| _ = event.insert(name.to_owned(), value);
    set("id", json!(format!("event{number}")));
    let (start, end) = times(random, begin);
    set("start", start);
    if random.u8(..) > 10 {
        set("end", end);
    }
    set("summary", json!(one_of(random, &TITLES)));
    if random.bool() {
        set("location", json!(one_of(random, &PLACES)));
    }
    if random.bool() {
        set("iCalUID", json!(format!("uid{}", random.u32(..12))));
    }
    for (name, words) in [
        ("status", ["confirmed", "tentative", "cancelled", "postponed"]),
        ("transparency", ["opaque", "opaque", "transparent", "hazy"]),
        ("eventType", ["default", "outOfOffice", "focusTime", "workingLocation"]),
    ] {
        if random.u8(..4) == 0 {
            set(name, json!(one_of(random, &words)));
        }
    }
    if random.bool() {
        let guests: Vec<Value> = (0..random.u32(..5)).map(|place| guest(random, place)).collect();
        set("attendees", json!(guests));
    }
    if random.u8(..3) == 0 {
        set("organizer", json!({ "email": "ada@example.com", "self": random.bool() }));
    }
    match random.u8(..8) {
        0 => {
            set("recurringEventId", json!(format!("event{}", random.u32(..5))));
            set("originalStartTime", times(random, begin).0);
        }
        1 | 2 => set("recurrence", json!(recurrence(random))),
        _ => {}
    }
    Value::Object(event)
}

fn guest(random: &mut Rng, place: u32) -> Value {
    let answers = ["needsAction", "declined", "tentative", "accepted"];
    json!({
        "email": format!("guest{place}@example.com"),
        "responseStatus": one_of(random, &answers),
        "self": place == 0 && random.bool(),
        "resource": random.u8(..6) == 0,
    })
}

/// Rules that end and that do not, some that no day fits, and one that cannot be read.
fn recurrence(random: &mut Rng) -> Vec<String> {
    let rules = [
        "FREQ=DAILY;COUNT=9",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;UNTIL=20300101T000000Z",
        "FREQ=MONTHLY;BYDAY=2TU,-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=7;COUNT=40",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=FORTNIGHTLY",
    ];
    let mut lines = vec![format!("RRULE:{}", one_of(random, &rules))];
    if random.u8(..4) == 0 {
        lines.push(format!("EXDATE;VALUE=DATE:{}{:02}05", random.u32(2020..2030), random.u32(1..13)));
    }
    lines
}

/// Start and end as Google writes them: days, instants at some offset, or a wall clock in a zone.
fn times(random: &mut Rng, begin: DateTime<Utc>) -> (Value, Value) {
    let start = begin + TimeDelta::minutes(random.i64(0..14 * 96) * 15);
    let minutes = if random.u8(..10) == 0 { random.i64(0..8_000) } else { random.i64(0..16) * 15 };
    let end = start + TimeDelta::minutes(minutes);
    match random.u8(..4) {
        0 => {
            let days = Days::new(random.u64(..3));
            let last = start.date_naive().checked_add_days(days).unwrap_or_default();
            (json!({ "date": start.date_naive().to_string() }), json!({ "date": last.to_string() }))
        }
        1 => {
            let zone = one_of(random, &ZONES);
            let wall = |time: DateTime<Utc>| json!({ "dateTime": time.format("%FT%T").to_string(), "timeZone": zone });
            (wall(start), wall(end))
        }
        _ => {
            let east = chrono::FixedOffset::east_opt(random.i32(-12..=14) * 3_600).unwrap_or(Utc.fix());
            let at = |time: DateTime<Utc>| json!({ "dateTime": time.with_timezone(&east).to_rfc3339() });
            (at(start), at(end))
        }
    }
}

fn question(random: &mut Rng, begin: DateTime<Utc>, events: &[Value]) -> Value {
    let mut options = Map::new();
    let mut set = |name: &str, value: Value| _ = options.insert(name.to_owned(), value);
    if random.u8(..8) > 0 {
        set("timeZone", json!(one_of(random, &ZONES)));
    }
    if random.bool() {
        set("displayTimeZone", json!(one_of(random, &ZONES)));
    }
    for name in ["bufferBeforeMinutes", "bufferAfterMinutes", "travelMinutes"] {
        if random.u8(..3) == 0 {
            set(name, json!(random.u32(..90)));
        }
    }
    for name in ["ignoreAllDay", "ignoreTentative", "ignoreUnanswered"] {
        if random.u8(..4) == 0 {
            set(name, json!(true));
        }
    }
    if random.u8(..4) == 0 {
        set("excludeEventId", json!([format!("event{}", random.u32(..40))]));
    }
    if random.u8(..4) == 0 {
        set("workingHours", working_hours(random));
    }
    let start = begin + TimeDelta::minutes(random.i64(0..14 * 96) * 15);
    let asked = match random.u8(..5) {
        4 => {
            let end = start + TimeDelta::days(random.i64(0..40));
            return json!({ "window": { "start": start.to_rfc3339(), "end": end.to_rfc3339() }, "options": options });
        }
        0 => events.get(random.usize(..events.len())).cloned().unwrap_or_default(),
        1 => {
            let mut draft = event(random, 0, begin);
            draft.as_object_mut().and_then(|draft| draft.remove("id"));
            draft
        }
        _ => {
            let end = start + TimeDelta::minutes(random.i64(0..600));
            return json!({ "range": { "start": start.to_rfc3339(), "end": end.to_rfc3339() }, "options": options });
        }
    };
    // Only what may recur has one.
    if random.u8(..4) == 0 {
        let end = start + TimeDelta::days(random.i64(1..400));
        let horizon = json!({ "start": start.to_rfc3339(), "end": end.to_rfc3339() });
        options.insert("horizon".to_owned(), horizon);
    }
    json!({ "event": asked, "options": options })
}

/// Of some days, on the clocks of any zone; over midnight now and then.
fn working_hours(random: &mut Rng) -> Value {
    let stretches = ["00:00-06:00", "09:00-12:30", "13:00-17:00", "22:15-24:00"];
    let mut hours = Map::from_iter([("timeZone".to_owned(), json!(one_of(random, &ZONES)))]);
    for day in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] {
        if random.u8(..4) > 0 {
            let of_day: Vec<&str> = stretches.into_iter().filter(|_| random.bool()).collect();
            hours.insert(day.to_owned(), json!(of_day));
        }
    }
    Value::Object(hours)
}

fn one_of<'a>(random: &mut Rng, choices: &[&'a str]) -> &'a str {
    choices.get(random.usize(..choices.len())).copied().unwrap_or_default()
}
