//! A daily series with exceptions, and what of it takes place.

use serde_json::{Value, json};
use theo_calendar::{
    model::{Event, Text},
    recurrence::{TimeZones, Tzdb, expand},
    storage::EventQuery,
    time::{LocalTime, TimeRange},
};

use crate::{ADA, TEAM, World};

/// A standup of Ada's with her team: ten mornings at nine in Zurich, from Monday 7 April 2025. Bob accepted, Eve
/// declined.
///
/// Thursday's is at three, and Bob declined that one alone; Friday's is cancelled; the second Monday's is called Demo.
pub struct Standup {
    /// The id of the series.
    pub id: String,
}

impl Standup {
    /// At Google, and in the mirror.
    pub async fn of(world: &World) -> Self {
        Self::by(world, json!({ "email": ADA })).await
    }

    /// The same, organized by somebody.
    pub async fn by(world: &World, organizer: Value) -> Self {
        let team = |bobs_answer| team(bobs_answer, organizer["email"] == TEAM[0]);
        let id = world
            .event(json!({
                "summary": "Standup", "location": "Room 1", "organizer": organizer,
                "recurrence": ["RRULE:FREQ=DAILY;COUNT=10"], "attendees": team("accepted"),
                "start": { "dateTime": "2025-04-07T09:00:00+02:00", "timeZone": "Europe/Zurich" },
                "end": { "dateTime": "2025-04-07T09:15:00+02:00", "timeZone": "Europe/Zurich" },
            }))
            .await;
        let standup = Self { id };
        let google = &world.google;
        let moved = json!({
            "start": { "dateTime": "2025-04-10T15:00:00+02:00" }, "end": { "dateTime": "2025-04-10T15:30:00+02:00" },
            "attendees": team("declined"),
        });
        google.patch_event(ADA, &standup.on(10), moved);
        google.delete_event(ADA, &standup.on(11));
        google.patch_event(ADA, &standup.on(14), json!({ "summary": "Demo" }));
        world.mirror("owner").await;
        standup
    }

    /// The id of the occurrence on that day of April.
    pub fn on(&self, day: u32) -> String {
        format!("{}_202504{day:02}T070000Z", self.id)
    }
}

fn team(bobs_answer: &str, bob_organizes: bool) -> Value {
    let mut bob = json!({ "email": TEAM[0], "responseStatus": bobs_answer });
    if bob_organizes {
        bob["organizer"] = true.into();
    }
    json!([
        { "email": ADA, "self": true, "responseStatus": "accepted" },
        bob,
        { "email": TEAM[1], "responseStatus": "declined" },
    ])
}

impl World {
    /// What takes place in April at Google: `Mon 2025-04-07 09:00 Standup @ Room 1`.
    pub fn agenda_at_google(&self) -> Vec<String> {
        let events = self.google.snapshot(ADA).into_iter();
        agenda(&events.map(|event| serde_json::from_value(event).unwrap()).collect::<Vec<_>>())
    }

    /// What takes place in April by the mirror.
    pub async fn agenda_mirrored(&self) -> Vec<String> {
        let query = EventQuery { include_cancelled: true, ..EventQuery::default() };
        let events = self.store.events(&"ada".into(), &query).await.unwrap();
        agenda(&events.iter().map(|row| (*row.event).clone()).collect::<Vec<_>>())
    }
}

fn agenda(events: &[Event]) -> Vec<String> {
    let zone = Tzdb.zone("Europe/Zurich").unwrap();
    let at = |text: &str| text.parse().unwrap();
    let april = TimeRange::new(at("2025-04-01T00:00:00Z"), at("2025-05-01T00:00:00Z")).unwrap();
    let found = expand(events, &april, zone, &Tzdb);
    assert!(!found.truncated && found.unreadable.is_empty());
    let line = |one: &theo_calendar::recurrence::EventOccurrence<'_>| {
        let (start, text) =
            (LocalTime::new(one.span.start(), zone), |text: &Option<Text>| text.clone().unwrap_or_default());
        format!("{start} {} @ {}", text(&one.event.summary), text(&one.event.location))
    };
    found.occurrences.iter().map(line).collect()
}
