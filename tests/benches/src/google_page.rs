//! Pages of events as Google sends them: its order of fields, its indentation, its escapes.

use std::fmt::Write;

use chrono::{DateTime, Days, SecondsFormat, TimeDelta, Utc};
use fastrand::Rng;

const SUBJECTS: [&str; 10] = [
    "Standup",
    "Design review",
    "Jour fixe Zürich",
    "Kundengespräch",
    "One to one",
    "Réunion d’équipe",
    "Planning",
    "Interview",
    "Dentist",
    "週次ミーティング",
];
const WORDS: [&str; 16] = [
    "agenda", "the", "budget", "of", "next", "quarter", "please", "read", "notes", "before", "we", "decide",
    "für", "launch", "risks", "and",
];
const GUESTS: [&str; 8] = ["ada", "bea", "cho", "dev", "eli", "fay", "gus", "hana"];
const ANSWERS: [&str; 4] = ["needsAction", "accepted", "declined", "tentative"];
const RULES: [&str; 4] = [
    "RRULE:FREQ=WEEKLY;WKST=MO;BYDAY=MO,WE",
    "RRULE:FREQ=DAILY;COUNT=20",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=15",
    "RRULE:FREQ=WEEKLY;UNTIL=20271231T225959Z;INTERVAL=2",
];

/// The JSON of a page of `events` events, with more to come; the same for the same `seed`.
pub(crate) fn page(events: usize, seed: u64) -> String {
    page_before(r#""nextPageToken": "CigKGmk2NTlrZ3FrOHFkMGpmMzRlNWZsMmZmaG9rGAEggICA""#, events, seed)
}

/// The same, with the field `then` that says how it goes on.
pub(crate) fn page_before(then: &str, events: usize, seed: u64) -> String {
    let mut rng = Rng::with_seed(seed);
    let events: Vec<String> = (0..events).map(|_| event(&mut rng)).collect();
    format!(
        r#"{{
 "kind": "calendar#events",
 "etag": "\"p33g9fjl2kqro20o\"",
 "summary": "ada@example.com",
 "description": "",
 "updated": "2026-11-30T09:12:44.518Z",
 "timeZone": "Europe/Zurich",
 "accessRole": "owner",
 "defaultReminders": [
  {{
   "method": "popup",
   "minutes": 10
  }}
 ],
 {then},
 "items": [
{}
 ]
}}
"#,
        events.join(",\n")
    )
}

/// A quarter is all day, a sixth recurs, a tenth is an exception, half have guests and a conference.
fn event(rng: &mut Rng) -> String {
    let id = word(rng, 26);
    let created = DateTime::<Utc>::UNIX_EPOCH
        + Days::new(rng.u64(18_000..20_000))
        + TimeDelta::milliseconds(rng.i64(0..86_400_000));
    let updated = created + TimeDelta::milliseconds(rng.i64(0..9_000_000_000));
    let recurs = rng.u8(0..6) == 0;
    let is_exception = !recurs && rng.u8(0..8) == 0;
    let mut json = format!(
        r#"  {{
   "kind": "calendar#event",
   "etag": "\"{etag}\"",
   "id": "{id}",
   "status": "{status}",
   "htmlLink": "https://www.google.com/calendar/event?eid={link}",
   "created": "{created}",
   "updated": "{updated}",
   "summary": "{summary}",
"#,
        etag = updated.timestamp_millis() * 2,
        status = if rng.u8(0..20) == 0 { "tentative" } else { "confirmed" },
        link = word(rng, 60),
        created = created.to_rfc3339_opts(SecondsFormat::Secs, true),
        updated = updated.to_rfc3339_opts(SecondsFormat::Millis, true),
        summary = rng.choice(SUBJECTS).unwrap_or_default(),
    );
    if rng.bool() {
        let _ = writeln!(json, r#"   "description": "{}","#, description(rng));
    }
    if rng.u8(0..3) == 0 {
        let _ = writeln!(
            json,
            r#"   "location": "Bahnhofstrasse {}, 8001 Zürich, Switzerland","#,
            rng.u8(1..110)
        );
    }
    json.push_str(
        r#"   "creator": {
    "email": "ada@example.com",
    "self": true
   },
   "organizer": {
    "email": "ada@example.com",
    "self": true
   },
"#,
    );
    let (start, end) = start_and_end(rng, updated);
    let _ = write!(json, "   \"start\": {start},\n   \"end\": {end},\n");
    if recurs {
        let rule = rng.choice(RULES).unwrap_or_default();
        let _ = write!(json, "   \"recurrence\": [\n    \"{rule}\"\n   ],\n");
    }
    if is_exception {
        let _ = write!(
            json,
            "   \"recurringEventId\": \"{}\",\n   \"originalStartTime\": {start},\n",
            word(rng, 26)
        );
    }
    let _ = write!(json, "   \"iCalUID\": \"{id}@google.com\",\n   \"sequence\": {},\n", rng.u8(0..4));
    if rng.bool() {
        guests_and_conference(rng, &mut json);
    }
    if rng.u8(0..5) == 0 {
        extended_properties(rng, &mut json);
    }
    let reminders = if rng.u8(0..4) == 0 { OWN_REMINDERS } else { DEFAULT_REMINDERS };
    let _ = write!(json, "   \"reminders\": {reminders},\n   \"eventType\": \"default\"\n  }}");
    json
}

const DEFAULT_REMINDERS: &str = r#"{
    "useDefault": true
   }"#;

const OWN_REMINDERS: &str = r#"{
    "useDefault": false,
    "overrides": [
     {
      "method": "popup",
      "minutes": 30
     },
     {
      "method": "email",
      "minutes": 1440
     }
    ]
   }"#;

fn start_and_end(rng: &mut Rng, around: DateTime<Utc>) -> (String, String) {
    let day = (around + Days::new(rng.u64(0..60))).format("%Y-%m-%d");
    if rng.u8(0..4) == 0 {
        let next = (around + Days::new(61)).format("%Y-%m-%d");
        return (
            format!("{{\n    \"date\": \"{day}\"\n   }}"),
            format!("{{\n    \"date\": \"{next}\"\n   }}"),
        );
    }
    let hour = rng.u8(8..18);
    let at = |hour: u8, minute: u8| {
        format!(
            "{{\n    \"dateTime\": \"{day}T{hour:02}:{minute:02}:00+01:00\",\n    \"timeZone\": \"Europe/Zurich\"\n   }}"
        )
    };
    (at(hour, 0), at(hour, 45))
}

/// HTML and line breaks, escaped as Google does.
fn description(rng: &mut Rng) -> String {
    let words: Vec<&str> = (0..rng.usize(10..90)).filter_map(|_| rng.choice(WORDS)).collect();
    match rng.u8(0..3) {
        0 => words.join(" "),
        1 => format!(r"\u003cp\u003e{}\u003c/p\u003e\u003cbr\u003e", words.join(" ")),
        _ => words.chunks(12).map(|line| line.join(" ")).collect::<Vec<_>>().join(r"\n"),
    }
}

fn guests_and_conference(rng: &mut Rng, json: &mut String) {
    let guests: Vec<String> = (0..rng.usize(2..7))
        .filter_map(|_| rng.choice(GUESTS).zip(rng.choice(ANSWERS)))
        .map(|(guest, answer)| {
            format!(
                r#"    {{
     "email": "{guest}@example.com",
     "displayName": "{guest} Example",
     "responseStatus": "{answer}"
    }}"#
            )
        })
        .collect();
    let code = format!("{}-{}-{}", word(rng, 3), word(rng, 4), word(rng, 3));
    let _ = write!(
        json,
        r#"   "attendees": [
{guests}
   ],
   "hangoutLink": "https://meet.google.com/{code}",
   "conferenceData": {{
    "entryPoints": [
     {{
      "entryPointType": "video",
      "uri": "https://meet.google.com/{code}",
      "label": "meet.google.com/{code}"
     }},
     {{
      "entryPointType": "phone",
      "uri": "tel:+41-44-555-{phone}",
      "label": "+41 44 555 {phone}",
      "pin": "{pin}",
      "regionCode": "CH"
     }}
    ],
    "conferenceSolution": {{
     "key": {{
      "type": "hangoutsMeet"
     }},
     "name": "Google Meet",
     "iconUri": "https://fonts.example.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo_meet_2020q4.png"
    }},
    "conferenceId": "{code}"
   }},
"#,
        guests = guests.join(",\n"),
        phone = rng.u16(1000..9999),
        pin = rng.u32(100_000..999_999),
    );
}

fn extended_properties(rng: &mut Rng, json: &mut String) {
    let _ = write!(
        json,
        r#"   "extendedProperties": {{
    "private": {{
     "crmDeal": "{}",
     "crmStage": "negotiation"
    }},
    "shared": {{
     "project": "{}"
    }}
   }},
"#,
        word(rng, 18),
        word(rng, 8)
    );
}

fn word(rng: &mut Rng, letters: usize) -> String {
    (0..letters).map(|_| rng.lowercase()).collect()
}
