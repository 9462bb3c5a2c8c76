//! The index, the plain function and a slow, literal reading of the table agree on thousands of random calendars.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{prelude::*, sample::select};
use serde_json::json;
use theo_calendar::{
    conflict::{Conflict, ConflictIndex, ConflictPolicy, Proposal, Severity, detect_conflicts},
    id::{AccountId, AccountKey, CalendarId, CalendarKey, EventId, EventKey},
    model::Event,
    recurrence::{UtcOnly, Zone},
};

/// An event as the oracle sees it: minutes and words, nothing of the library's.
#[derive(Clone, Debug)]
struct Entry {
    account: u8,
    calendar: u8,
    id: u8,
    parent: Option<u8>,
    uid: Option<u8>,
    start: i64,
    length: i64,
    all_day: bool,
    status: &'static str,
    transparency: &'static str,
    event_type: &'static str,
    answer: Option<&'static str>,
    mine: bool,
    guests: u8,
    place: &'static str,
    title: &'static str,
}

#[derive(Clone, Debug)]
struct Ask {
    start: i64,
    length: i64,
    all_day: bool,
    event_type: &'static str,
    place: &'static str,
    id: u8,
    uid: u8,
    before: i64,
    after: i64,
    travel: i64,
    count: [bool; 3],
    exclude: Option<u8>,
}

const DAY: i64 = 24 * 60;

fn instant(minute: i64) -> DateTime<Utc> {
    "2025-03-03T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn time(minute: i64, all_day: bool) -> serde_json::Value {
    match all_day {
        true => json!({ "date": instant(minute).date_naive() }),
        false => json!({ "dateTime": instant(minute).to_rfc3339() }),
    }
}

impl Entry {
    fn key(&self) -> EventKey {
        let account = AccountKey::new("ada", format!("account{}@example.com", self.account));
        account.calendar(format!("calendar{}@example.com", self.calendar)).event(format!("event{}", self.id))
    }

    /// By calendar, account and id.
    fn name(&self) -> (CalendarId, AccountId, EventId) {
        let key = self.key();
        (key.calendar, key.account, key.event)
    }

    /// Whether it is of the meeting whose worst comes first.
    fn is_of(&self, meeting: &[(Severity, &Self)]) -> bool {
        let worst = meeting[0].1;
        let time = |entry: &Self| (entry.start, entry.length, entry.all_day);
        let same_event = match (self.uid, worst.uid) {
            (Some(uid), Some(other)) => uid == other,
            (None, None) => (self.calendar, self.id) == (worst.calendar, worst.id),
            _ => false,
        };
        let letters = |title: &str| title.to_lowercase().replace('-', "");
        let apart = if self.all_day { 0 } else { 5 };
        let is_near = |one: i64, other: i64| (one - other).abs() <= apart;
        let looks_same = !letters(self.title).is_empty()
            && letters(self.title) == letters(worst.title)
            && self.all_day == worst.all_day
            && is_near(self.start, worst.start)
            && is_near(self.start + self.length, worst.start + worst.length)
            && meeting.iter().all(|(_, other)| other.calendar != self.calendar);
        (same_event && time(self) == time(worst)) || looks_same
    }

    fn event(&self) -> Event {
        let mut attendees: Vec<_> =
            (0..self.guests).map(|guest| json!({ "email": format!("guest{guest}@example.com") })).collect();
        attendees.push(json!({ "email": "room@example.com", "resource": true }));
        if let Some(answer) = self.answer {
            attendees.push(json!({ "email": "ada@example.com", "self": true, "responseStatus": answer }));
        }
        serde_json::from_value(json!({
            "id": format!("event{}", self.id),
            "recurringEventId": self.parent.map(|parent| format!("event{parent}")),
            "iCalUID": self.uid.map(|uid| format!("uid{uid}")),
            "start": time(self.start, self.all_day), "end": time(self.start + self.length, self.all_day),
            "status": self.status, "transparency": self.transparency, "eventType": self.event_type,
            "attendees": attendees, "organizer": { "self": self.mine }, "location": self.place,
            "summary": self.title,
        }))
        .unwrap()
    }
}

impl Ask {
    fn proposal(&self) -> Proposal {
        let event: Event = serde_json::from_value(json!({
            "id": format!("event{}", self.id), "iCalUID": format!("uid{}", self.uid),
            "start": time(self.start, self.all_day), "end": time(self.start + self.length, self.all_day),
            "eventType": self.event_type, "location": self.place,
        }))
        .unwrap();
        Proposal::of_event(&event, &Zone::utc(), &UtcOnly).unwrap()
    }

    fn policy(&self) -> ConflictPolicy {
        let minutes = |minutes: i64| Duration::from_secs(u64::try_from(minutes).unwrap() * 60);
        let [count_all_day, count_tentative, count_unanswered] = self.count;
        ConflictPolicy {
            buffer_before: minutes(self.before),
            buffer_after: minutes(self.after),
            travel_time: minutes(self.travel),
            count_all_day,
            count_tentative,
            count_unanswered,
            exclude: self.exclude.map(|id| format!("event{id}").into()).into_iter().collect(),
            working_hours: None,
        }
    }

    /// The table, read row by row.
    fn severity_of(&self, entry: &Entry) -> Option<Severity> {
        let absent = matches!(entry.event_type, "workingLocation" | "birthday")
            || entry.status == "cancelled"
            || entry.transparency == "transparent"
            || entry.answer == Some("declined")
            || entry.length == 0;
        let excluded = |id: u8| self.id == id || self.exclude == Some(id);
        let same = excluded(entry.id) || entry.parent.is_some_and(excluded) || entry.uid == Some(self.uid);
        let tentative = entry.status == "tentative" || entry.answer == Some("tentative");
        let unanswered = !tentative && !entry.mine && entry.answer == Some("needsAction");
        let away = entry.event_type == "outOfOffice";
        let [count_all_day, count_tentative, count_unanswered] = self.count;
        if absent
            || same
            || (tentative && !count_tentative)
            || (unanswered && !count_unanswered)
            || (entry.all_day && !away && !count_all_day)
        {
            return None;
        }
        let (start, end) = (entry.start, entry.start + entry.length);
        let (mine, until) = (self.start, self.start + self.length);
        if end <= mine || until <= start {
            if entry.all_day || self.all_day {
                return None;
            }
            let (gap, buffer) =
                if end <= mine { (mine - end, self.before) } else { (start - until, self.after) };
            let elsewhere = !entry.place.is_empty() && !self.place.is_empty() && entry.place != self.place;
            return match () {
                () if elsewhere && gap < self.travel => Some(Severity::Medium),
                () if gap < buffer => Some(Severity::Low),
                () => None,
            };
        }
        let others_move = entry.mine && entry.guests > 0;
        Some(match () {
            () if away => Severity::High,
            () if (entry.all_day || self.all_day) && self.event_type != "outOfOffice" => {
                if others_move {
                    Severity::Medium
                } else {
                    Severity::Low
                }
            }
            () if tentative || unanswered || entry.event_type == "focusTime" => {
                if others_move {
                    Severity::High
                } else {
                    Severity::Medium
                }
            }
            () => Severity::High,
        })
    }

    /// Every event looked at, each meeting at its worst with where else it is seen, in the documented order.
    fn answer(&self, entries: &[Entry]) -> Vec<Told> {
        let found = entries.iter().filter_map(|entry| Some((self.severity_of(entry)?, entry)));
        let mut found: Vec<(Severity, &Entry)> = found.collect();
        found.sort_by_key(rank);
        let mut meetings: Vec<Vec<(Severity, &Entry)>> = Vec::new();
        for one in found {
            match meetings.iter_mut().find(|meeting| one.1.is_of(meeting)) {
                None => meetings.push(vec![one]),
                Some(meeting) => {
                    meeting.push(one);
                    let last = meeting.len() - 1;
                    if one.0 > meeting[0].0 {
                        meeting.swap(0, last);
                    }
                }
            }
        }
        meetings.sort_by_key(|meeting| rank(&meeting[0]));
        let told = |meeting: Vec<(Severity, &Entry)>| {
            let mut others: Vec<&Entry> = meeting[1..].iter().map(|(_, entry)| *entry).collect();
            others.sort_by_key(|entry| entry.name());
            (meeting[0].1.key(), meeting[0].0, others.into_iter().map(Entry::key).collect())
        };
        meetings.into_iter().map(told).collect()
    }
}

/// A conflict: which event, how bad, and where else it is seen.
type Told = (EventKey, Severity, Vec<EventKey>);

fn rank((severity, entry): &(Severity, &Entry)) -> impl Ord + use<> {
    (entry.start, std::cmp::Reverse(*severity), entry.name())
}

prop_compose! {
    fn any_time()(day in -70..70_i64, minute in 0..48_i64, all_day in prop::bool::weighted(0.2), days in 1..4_i64,
        length in select(vec![0, 15, 30, 60, 120, 121, 1_560, 1_561, 11_520, 11_521, 92_160, 92_161, 200_000])
    ) -> (i64, i64, bool) {
        match all_day {
            true => (day / 20 * DAY, days * DAY, true),
            false => (day / 20 * DAY + minute * 15 + day % 20 * length / 25, length, false),
        }
    }
}

prop_compose! {
    fn any_entry()(
        (account, calendar, id) in (0..2_u8, 0..2_u8, 0..30_u8),
        (parent, uid) in (prop::option::weighted(0.2, 0..30_u8), prop::option::weighted(0.6, 0..12_u8)),
        ((start, length, all_day), late) in (any_time(), select(vec![0, 0, 0, 3, 6])),
        status in select(vec!["confirmed", "confirmed", "confirmed", "tentative", "cancelled"]),
        transparency in select(vec!["opaque", "opaque", "opaque", "transparent"]),
        event_type in select(vec!["default", "default", "default", "default", "outOfOffice", "focusTime",
            "workingLocation", "birthday", "fromGmail", "siesta"]),
        answer in prop::option::of(select(vec!["accepted", "accepted", "tentative", "needsAction", "declined"])),
        (mine, guests) in (any::<bool>(), 0..3_u8),
        (place, title) in (select(vec!["", "Berlin", "Oslo"]), select(vec!["", "Standup", "stand-up", "-", "Sync"])),
    ) -> Entry {
        let start = if all_day { start } else { start + late };
        Entry { account, calendar, id, parent, uid, start, length, all_day, status, transparency, event_type, answer,
            mine, guests, place, title }
    }
}

prop_compose! {
    fn any_ask()(
        (start, length, all_day) in any_time(),
        event_type in select(vec!["default", "default", "outOfOffice"]),
        place in select(vec!["", "Berlin"]),
        (id, uid) in (0..40_u8, 0..20_u8),
        (before, after, travel) in (select(vec![0, 0, 15, 90]), select(vec![0, 0, 15, 90]), select(vec![0, 0, 60])),
        count in [any::<bool>(), any::<bool>(), any::<bool>()],
        exclude in prop::option::weighted(0.2, 0..30_u8),
    ) -> Ask {
        Ask { start, length: length.max(5), all_day, event_type, place, id, uid, before, after, travel, count, exclude }
    }
}

/// One entry a key, the last to come; as a calendar would have it.
fn distinct(entries: &[Entry]) -> BTreeMap<EventKey, Entry> {
    entries.iter().map(|entry| (entry.key(), entry.clone())).collect()
}

fn add(index: &mut ConflictIndex, entries: &[Entry]) {
    let mut calendars: BTreeMap<CalendarKey, Vec<Arc<Event>>> = BTreeMap::new();
    for entry in entries {
        calendars.entry(entry.key().calendar_key()).or_default().push(Arc::new(entry.event()));
    }
    for (calendar, events) in calendars {
        index.extend(&calendar, events, &Zone::utc(), &UtcOnly);
    }
}

fn indexed(entries: &[Entry]) -> ConflictIndex {
    let mut index = ConflictIndex::new();
    add(&mut index, entries);
    index
}

fn told(conflicts: &[Conflict]) -> Vec<Told> {
    let key = |account: &Option<AccountId>, calendar: &Option<CalendarId>, event: &EventId| {
        let account = AccountKey::new("ada", account.clone().unwrap());
        account.calendar(calendar.clone().unwrap()).event(event.clone())
    };
    let others = |conflict: &Conflict| {
        let others = conflict.duplicates.iter();
        others.map(|one| key(&one.account_id, &one.calendar_id, &one.event_id)).collect()
    };
    let told =
        |one: &Conflict| (key(&one.account_id, &one.calendar_id, &one.event_id), one.severity, others(one));
    conflicts.iter().map(told).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_index_answers_what_a_look_at_every_event_answers_whatever_was_added_and_removed(
        old in prop::collection::vec(any_entry(), 0..24),
        new in prop::collection::vec(any_entry(), 0..24),
        late in prop::collection::vec(any_entry(), 0..10),
        dropped in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        drop_a_calendar in prop::bool::weighted(0.1),
        asks in prop::collection::vec(any_ask(), 1..6),
    ) {
        let mut index = indexed(&old);
        for entry in &new {
            index.insert(&entry.key().calendar_key(), Arc::new(entry.event()), &Zone::utc(), &UtcOnly);
        }
        let mut model = distinct(&[old, new].concat());
        for which in dropped {
            if let Some(key) = model.keys().nth(which.index(model.len().max(1))).cloned() {
                model.remove(&key);
                index.remove(&key);
            }
        }
        if let Some(calendar) = model.keys().next().filter(|_| drop_a_calendar).map(EventKey::calendar_key) {
            model.retain(|key, _| key.calendar_key() != calendar);
            index.remove_calendar(&calendar);
        }
        add(&mut index, &late);
        model.extend(distinct(&late));
        let entries: Vec<Entry> = model.into_values().collect();

        for ask in asks {
            let found = index.detect(&ask.proposal(), &ask.policy());
            prop_assert_eq!(told(&found.conflicts), ask.answer(&entries));
        }
    }

    #[test]
    fn the_plain_function_answers_what_the_index_answers_on_one_calendar(
        entries in prop::collection::vec(any_entry(), 0..24),
        ask in any_ask(),
    ) {
        let entries = entries.into_iter().map(|entry| Entry { account: 0, calendar: 0, ..entry });
        let entries: Vec<Entry> = distinct(&entries.collect::<Vec<_>>()).into_values().collect();
        let reversed: Vec<Entry> = entries.iter().rev().cloned().collect();
        let index = indexed(&reversed);
        let events: Vec<Event> = entries.iter().map(Entry::event).collect();

        let mut expected = index.detect(&ask.proposal(), &ask.policy());
        for conflict in &mut expected.conflicts {
            (conflict.account_id, conflict.calendar_id) = (None, None);
            for one in &mut conflict.duplicates {
                (one.account_id, one.calendar_id) = (None, None);
            }
        }
        let found = detect_conflicts(&events, &ask.proposal(), &ask.policy(), &Zone::utc(), &UtcOnly);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_overlaps_a_range_is_found_exactly(entries in prop::collection::vec(any_entry(), 0..60), ask in any_ask()) {
        let index = indexed(&entries);
        let range = *ask.proposal().range();
        let mut found: Vec<EventKey> = index.overlapping(&range).map(|(calendar, event, _)| calendar.event(event.id.clone())).collect();
        found.sort();

        let all: Vec<Entry> = distinct(&entries).into_values().collect();
        let anything = Ask { all_day: false, before: 0, after: 0, travel: 0, count: [true; 3], exclude: None,
            id: u8::MAX, uid: u8::MAX, ..ask };
        let expected: Vec<EventKey> =
            all.iter().filter(|entry| anything.severity_of(entry).is_some()).map(Entry::key).collect();
        prop_assert_eq!(found, expected);
    }
}
