//! Whom a fake Google of the server's own has: a made-up person, whose weeks go on for ever.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use fake_google::Seed;
use serde_json::{Value, json};

/// The person's address, and their primary calendar's id.
const PERSON: &str = "demo@example.com";

const ZONE: &str = "Europe/Zurich";

/// Weeks before this one in which series begin, so that there is a past.
const PAST: u64 = 8;

/// Their calendars as of `now`.
///
/// # Errors
/// None, unless the seed written here is none.
pub(in crate::host) fn seed(now: DateTime<Utc>) -> std::io::Result<Seed> {
    let today = now.date_naive();
    let monday = today - Days::new(today.weekday().num_days_from_monday().into());
    let first = monday - Days::new(7 * PAST);
    let calendars = json!([
        { "id": PERSON, "summary": PERSON, "events": work(first, monday) },
        { "id": "private@group.calendar.google.com", "summary": "Private", "events": private(first, monday) },
        { "id": "team@group.calendar.google.com", "summary": "Team", "events": team(first, monday) },
        { "id": "holidays@group.calendar.google.com", "summary": "Holidays", "accessRole": "reader",
          "refusesWatch": true, "events": [whole_day("Founding day", monday + Days::new(11), 1)] },
    ]);
    let person = json!({ "email": PERSON, "timeZone": ZONE, "calendars": calendars });
    Seed::from_json(&json!({ "people": [person] }).to_string())
}

fn work(first: NaiveDate, monday: NaiveDate) -> Vec<Value> {
    let [me, bea, dev, lead] = [
        json!({ "email": PERSON, "self": true, "responseStatus": "accepted" }),
        json!({ "email": "bea@example.com", "responseStatus": "accepted" }),
        json!({ "email": "dev@example.com", "responseStatus": "needsAction" }),
        json!({ "email": "lead@example.com", "responseStatus": "accepted" }),
    ];
    let supplier = json!({ "email": "sales@supplier.example", "responseStatus": "accepted" });
    let unanswered = json!({ "email": PERSON, "self": true, "responseStatus": "needsAction" });
    let by_lead = json!({ "email": "lead@example.com" });
    vec![
        event("Standup", first, "09:15", "09:30")
            .weekly("MO,TU,WE,TH,FR")
            .with("attendees", json!([me, bea, dev])),
        event("One to one", first + Days::new(1), "11:00", "11:45")
            .weekly("TU")
            .with("attendees", json!([me, lead])),
        event("Design critique", first + Days::new(2), "14:00", "15:30")
            .weekly("WE")
            .with("attendees", json!([unanswered, lead, bea]))
            .with("organizer", by_lead.clone()),
        event("Product review", first + Days::new(3), "10:00", "11:30")
            .weekly("TH")
            .with("attendees", json!([me, lead, bea, dev]))
            .with("organizer", by_lead),
        event("Supplier call", first + Days::new(3), "11:00", "11:45")
            .weekly("TH")
            .with("location", "Room 4".into())
            .with("attendees", json!([me, supplier])),
        event("Focus: write the report", first + Days::new(4), "10:00", "12:00")
            .weekly("FR")
            .with("eventType", "focusTime".into()),
        event("Interview", monday, "13:30", "14:30").with("attendees", json!([me, bea])),
        event("Budget", monday + Days::new(4), "14:00", "15:00").with("attendees", json!([me, lead])),
        event("Roadmap", monday + Days::new(8), "14:00", "16:00").with("attendees", json!([me, bea, dev])),
    ]
    .into_iter()
    .map(Made::done)
    .collect()
}

fn private(first: NaiveDate, monday: NaiveDate) -> Vec<Value> {
    vec![
        event("Gym", first, "18:00", "19:00").weekly("MO,TH").done(),
        event("Piano lesson", first + Days::new(2), "17:30", "18:15").weekly("WE").done(),
        event("Lunch with a friend", monday + Days::new(2), "12:00", "13:15").done(),
        event("Dentist", monday + Days::new(1), "08:00", "08:45")
            .with("location", "Bahnhofstrasse 1".into())
            .done(),
        whole_day("In the mountains", monday + Days::new(5), 2),
    ]
}

fn team(first: NaiveDate, monday: NaiveDate) -> Vec<Value> {
    vec![
        event("Sprint planning", first, "10:00", "11:30").weekly("MO").done(),
        event("Demo", first + Days::new(4), "16:00", "16:45").weekly("FR").done(),
        event("Office hours", first + Days::new(1), "15:00", "17:00")
            .weekly("TU")
            .with("transparency", "transparent".into())
            .done(),
        whole_day("Conference", monday + Days::new(8), 3),
    ]
}

fn whole_day(title: &str, day: NaiveDate, days: u64) -> Value {
    json!({ "summary": title, "start": { "date": day }, "end": { "date": day + Days::new(days) } })
}

fn event(title: &str, day: NaiveDate, from: &str, to: &str) -> Made {
    let at = |clock| json!({ "dateTime": format!("{day}T{clock}:00"), "timeZone": ZONE });
    Made(json!({ "summary": title, "start": at(from), "end": at(to) }))
}

/// An event that is made.
struct Made(Value);

impl Made {
    fn weekly(self, days: &str) -> Self {
        self.with("recurrence", json!([format!("RRULE:FREQ=WEEKLY;BYDAY={days}")]))
    }

    fn with(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }

    fn done(self) -> Value {
        self.0
    }
}
