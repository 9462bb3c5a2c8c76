//! A made-up person with as many calendars and events as asked for, the same for the same seed number.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::edit;
use crate::error::ApiResult;
use crate::event::settle::new_id;
use crate::state::State;
use crate::when::{When, local_instant};

const ZONES: [&str; 8] = [
    "Europe/Zurich",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Australia/Sydney",
    "America/Sao_Paulo",
    "UTC",
];
const TOPICS: [&str; 14] = [
    "Standup",
    "Planning",
    "Design review",
    "One to one",
    "Customer call",
    "Lunch",
    "Retrospective",
    "Interview",
    "Budget",
    "Dentist",
    "Training",
    "Release",
    "Roadmap",
    "Workshop",
];
const SUBJECTS: [&str; 8] = ["Apollo", "Borealis", "Cobalt", "Dune", "Ember", "Fjord", "Granite", "Harbour"];
const GUESTS: [&str; 8] = [
    "bea@example.com",
    "cho@example.com",
    "dev@example.com",
    "eli@example.com",
    "fay@example.org",
    "gus@example.org",
    "hana@example.net",
    "ivo@example.net",
];
/// How much to make up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Generate {
    /// Whose calendars; the account is made when it does not exist.
    pub person: String,
    /// How many calendars, the primary one among them.
    pub calendars: usize,
    /// How many events in all of them together, changed occurrences of series included, cancelled ones not.
    pub events: usize,
    /// The same number makes the same events.
    pub seed: u64,
    /// An access token for everything that does not expire.
    pub access_token: Option<String>,
}

impl Default for Generate {
    fn default() -> Self {
        Self {
            person: "ada@example.com".to_owned(),
            calendars: 5,
            events: 3_000,
            seed: 1,
            access_token: Some("fake-access-token".to_owned()),
        }
    }
}

impl Generate {
    /// Makes it all. Two one-off events of the primary calendar clash tomorrow at ten.
    pub(crate) fn plant(&self, state: &mut State) -> ApiResult<()> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let home: Tz = chrono_tz::Europe::Zurich;
        state.add_person(&self.person, home);
        if let Some(token) = &self.access_token {
            state.grant_access(token, &self.person, &["calendar".to_owned()], None);
            state.grant_refresh("fake-refresh-token", &self.person, "fake-client", &["calendar".to_owned()]);
        }
        let mut ids = vec![self.person.clone()];
        for number in 1..self.calendars.max(1) {
            let id = format!("c_{}@group.calendar.google.com", new_id(&mut random));
            let zone = ZONES[number % ZONES.len()].parse().unwrap_or(home);
            state.add_calendar(&self.person, &id, SUBJECTS[number % SUBJECTS.len()], zone);
            ids.push(id);
        }
        let mut left = self.events;
        if left >= 2 {
            self.clash(state, &mut random, home)?;
            left -= 2;
        }
        let mut turn = 0;
        while left > 0 {
            let calendar = &ids[turn % ids.len()];
            turn += 1;
            left -= plant_one(state, calendar, &mut random, left)?;
        }
        Ok(())
    }

    fn clash(&self, state: &mut State, random: &mut fastrand::Rng, home: Tz) -> ApiResult<()> {
        let today = state.clock.now().with_timezone(&home).date_naive();
        let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
        for (summary, hour, minute) in [("Quarterly review", 10, 0), ("Call with the supplier", 10, 30)] {
            let start = tomorrow.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
            let start = local_instant(home, start);
            let event = json!({
                "id": new_id(random),
                "summary": summary,
                "start": When::At(start, None).json(home),
                "end": When::At(start + TimeDelta::hours(1), None).json(home),
                "attendees": [
                    { "email": self.person, "self": true, "organizer": true, "responseStatus": "accepted" },
                    { "email": GUESTS[usize::from(minute == 30)], "responseStatus": "accepted" }
                ],
            });
            edit::create(state, &self.person, event)?;
        }
        Ok(())
    }
}

/// One event, or a series with its exceptions; says how many that were.
fn plant_one(state: &mut State, calendar: &str, random: &mut fastrand::Rng, left: usize) -> ApiResult<usize> {
    let zone = state.calendar(calendar)?.zone();
    let own = ZONES[random.usize(..ZONES.len())].to_owned();
    let now = state.clock.now();
    let own_zone: Tz = own.parse().unwrap_or(zone);
    let start = local_slot(now, own_zone, random);
    let series = random.u8(..100) < 10;
    let all_day = random.u8(..100) < 15;
    let id = new_id(random);
    let (from, to) = if all_day {
        let day = start.with_timezone(&own_zone).date_naive();
        let end = day.checked_add_days(Days::new(random.u64(1..4))).unwrap_or(day);
        (When::Day(day), When::Day(end))
    } else {
        let minutes = [15, 30, 45, 60, 90, 120][random.usize(..6)];
        (When::At(start, Some(own.clone())), When::At(start + TimeDelta::minutes(minutes), Some(own)))
    };
    let topic = TOPICS[random.usize(..TOPICS.len())];
    let mut event = json!({
        "id": id,
        "summary": format!("{topic}: {}", SUBJECTS[random.usize(..SUBJECTS.len())]),
        "start": from.json(zone),
        "end": to.json(zone),
    });
    if random.u8(..100) < 40 {
        event["location"] = format!("Room {}", random.u8(1..30)).into();
    }
    if random.u8(..100) < 30 {
        event["attendees"] = guests(calendar, random);
    }
    if random.u8(..100) < 8 {
        event["transparency"] = "transparent".into();
    }
    if !series {
        edit::create(state, calendar, event)?;
        return Ok(1);
    }
    let local = start.with_timezone(&own_zone).date_naive();
    event["recurrence"] = json!([rule(local, random)]);
    edit::create(state, calendar, event)?;
    let made = exceptions(state, calendar, &id, random, left - 1)?;
    Ok(1 + made)
}

/// A rule of which the first day is an occurrence: what Google makes of any other is written nowhere.
fn rule(first: NaiveDate, random: &mut fastrand::Rng) -> String {
    let day = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][first.weekday().num_days_from_monday() as usize];
    match random.u8(..6) {
        0 => format!("RRULE:FREQ=WEEKLY;BYDAY={day}"),
        1 => "RRULE:FREQ=DAILY;COUNT=20".to_owned(),
        2 => format!("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY={day}"),
        3 if first.day() <= 28 => format!("RRULE:FREQ=MONTHLY;BYMONTHDAY={}", first.day()),
        4 => "RRULE:FREQ=WEEKLY;COUNT=30".to_owned(),
        _ => "RRULE:FREQ=DAILY;INTERVAL=3".to_owned(),
    }
}

/// A moved and a cancelled occurrence, as far as there is room for them.
fn exceptions(
    state: &mut State,
    calendar: &str,
    id: &str,
    random: &mut fastrand::Rng,
    room: usize,
) -> ApiResult<usize> {
    let home = state.calendar(calendar)?;
    let zone = home.zone();
    let Some(stored) = home.event(id) else { return Ok(0) };
    let Some(series) = crate::series::Series::of(&stored.map())? else { return Ok(0) };
    let occurrences = series.instances(None, None, zone, 4);
    let mut made = 0;
    for (index, (start, end)) in occurrences.iter().enumerate().skip(1).take(2.min(room)) {
        let instance = format!("{id}_{}", start.id_suffix());
        if index == 1 {
            let later = |when: &When| match when {
                When::At(at, name) => When::At(*at + TimeDelta::hours(1), name.clone()),
                When::Day(day) => When::Day(day.checked_add_days(Days::new(1)).unwrap_or(*day)),
            };
            let patch =
                json!({ "start": later(start).json(zone), "end": later(end).json(zone), "summary": "Moved" });
            edit::patch(state, calendar, &instance, &patch)?;
            made += 1;
        } else if random.bool() {
            edit::delete(state, calendar, &instance)?;
        }
    }
    Ok(made)
}

/// A quarter of an hour in working hours, from a year ago to half a year ahead.
fn local_slot(now: DateTime<Utc>, zone: Tz, random: &mut fastrand::Rng) -> DateTime<Utc> {
    let day = (now + TimeDelta::days(random.i64(-365..180))).with_timezone(&zone).date_naive();
    let time = NaiveTime::from_hms_opt(random.u32(7..19), random.u32(..4) * 15, 0).unwrap_or_default();
    local_instant(zone, day.and_time(time))
}

fn guests(calendar: &str, random: &mut fastrand::Rng) -> Value {
    let answers = ["accepted", "needsAction", "declined", "tentative"];
    let first = random.usize(..GUESTS.len());
    let mut list = vec![json!({
        "email": calendar, "self": true, "organizer": true, "responseStatus": "accepted"
    })];
    for number in 0..random.usize(1..5) {
        let email = GUESTS[(first + number) % GUESTS.len()];
        list.push(json!({ "email": email, "responseStatus": answers[random.usize(..4)] }));
    }
    list.into()
}
