//! What people do to a calendar in Google's own pages, at random.

use chrono::TimeDelta;
use fake_google::FakeGoogle;
use serde_json::{Value, json};

use crate::one_hour;

/// Random edits of one calendar, the same for the same seed number.
pub struct Edits {
    random: fastrand::Rng,
    made: u32,
}

impl Edits {
    /// The edits of that number.
    pub fn of(seed: u64) -> Self {
        Self { random: fastrand::Rng::with_seed(seed), made: 0 }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.random.usize(..bound)
    }

    /// Edits something in `calendar`; gives a word for it.
    pub fn one(&mut self, google: &FakeGoogle, calendar: &str) -> &'static str {
        self.made += 1;
        let live = google.snapshot(calendar);
        let is_live = |event: &&Value| event["status"] != "cancelled";
        let plain: Vec<&str> = ids(live.iter().filter(is_live).filter(|event| event["recurrence"].is_null()));
        let masters: Vec<&Value> =
            live.iter().filter(is_live).filter(|event| event["recurrence"].is_array()).collect();
        let name = format!("Event {}", self.made);
        let hours = self.random.i64(-240..240);
        match self.random.u8(..11) {
            0 | 1 => {
                google.create_event(calendar, one_hour(&name, hours));
                "create"
            }
            2 => {
                let day = (chrono::NaiveDate::from_ymd_opt(2025, 3, 28).unwrap()
                    + TimeDelta::days(hours / 24))
                .to_string();
                google.create_event(
                    calendar,
                    json!({ "summary": name, "start": { "date": day }, "end": { "date": day } }),
                );
                "create all day"
            }
            3 => {
                let rule =
                    ["RRULE:FREQ=DAILY;COUNT=9", "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;INTERVAL=2;COUNT=6"];
                let mut event = one_hour(&name, hours);
                event["recurrence"] = json!([rule[self.random.usize(..rule.len())]]);
                google.create_event(calendar, event);
                "create series"
            }
            4 => self.on(&plain, "rename", |id| {
                drop(google.patch_event(calendar, id, json!({ "summary": name })))
            }),
            5 => {
                let mut moved = one_hour("", hours);
                // It may have been an all-day event.
                (moved["start"]["date"], moved["end"]["date"]) = (Value::Null, Value::Null);
                let times = json!({ "start": moved["start"], "end": moved["end"] });
                self.on(&plain, "move", |id| drop(google.patch_event(calendar, id, times)))
            }
            6 => self.on(&plain, "delete", |id| google.delete_event(calendar, id)),
            7 => {
                let masters = ids(masters.iter().copied());
                if self.random.u8(..3) == 0 {
                    return self.on(&masters, "delete series", |id| google.delete_event(calendar, id));
                }
                self.on(&masters, "rename series", |id| {
                    drop(google.patch_event(calendar, id, json!({ "summary": name })))
                })
            }
            8 => self.occurrence(
                &masters,
                "change occurrence",
                |id| {
                    let moved = one_hour(&name, hours);
                    google.patch_event(calendar, id, moved);
                },
                google,
                calendar,
            ),
            9 => self.occurrence(
                &masters,
                "cancel occurrence",
                |id| google.delete_event(calendar, id),
                google,
                calendar,
            ),
            _ => self.occurrence(
                &masters,
                "split series",
                |id| {
                    google.split_series(calendar, id, json!({ "summary": name }));
                },
                google,
                calendar,
            ),
        }
    }

    fn on(&mut self, ids: &[&str], word: &'static str, act: impl FnOnce(&str)) -> &'static str {
        if ids.is_empty() {
            return "nothing";
        }
        act(ids[self.random.usize(..ids.len())]);
        word
    }

    /// Acts on a live occurrence of a series that is not its first.
    fn occurrence(
        &mut self,
        masters: &[&Value],
        word: &'static str,
        act: impl FnOnce(&str),
        google: &FakeGoogle,
        calendar: &str,
    ) -> &'static str {
        if masters.is_empty() {
            return "nothing";
        }
        let master = masters[self.random.usize(..masters.len())];
        let start =
            master["start"]["dateTime"].as_str().unwrap().parse::<chrono::DateTime<chrono::FixedOffset>>();
        let start = start.unwrap().to_utc();
        let day = self.random.i64(1..6);
        // The clocks of the zone may change on the way, so an hour more and an hour less are tried as well.
        for shift in [0, 1, -1] {
            let at = start + TimeDelta::days(day) + TimeDelta::hours(shift);
            let id = format!("{}_{}", master["id"].as_str().unwrap(), at.format("%Y%m%dT%H%M%SZ"));
            if google.event(calendar, &id).is_some_and(|event| event["status"] != "cancelled") {
                act(&id);
                return word;
            }
        }
        "nothing"
    }
}

fn ids<'a>(events: impl Iterator<Item = &'a Value>) -> Vec<&'a str> {
    events.filter_map(|event| event["id"].as_str()).collect()
}
