//! What takes the time of the person who asks.

use std::{sync::Arc, time::Duration};

use flows::{ADA, Person};
use serde_json::{Value, json};
use theo_calendar::{
    CalendarService,
    conflict::slots::{Overlook, SlotQuery, Slots},
    recurrence::{TimeZones, Tzdb},
    storage::CalendarSettings,
    sync::{SyncOptions, Unobserved},
    time::{LocalTime, TimeRange},
};

use super::STORE;

/// The mirror and the agent of a person.
pub(super) fn service(ada: &Person) -> CalendarService {
    let clock = Arc::new(ada.clock.clone());
    CalendarService::new(ada.store.clone(), ada.client(), clock, Arc::new(Tzdb), "slots")
}

/// An hour between 9 and 17 of Monday, 31 March 2025 in Zurich, the day after its clocks changed.
pub(super) fn monday() -> SlotQuery {
    let at = |text: &str| text.parse().unwrap();
    let window = TimeRange::new(at("2025-03-31T07:00:00Z"), at("2025-03-31T15:00:00Z")).unwrap();
    let zone = Tzdb.known("Europe/Zurich").unwrap().clone();
    SlotQuery { zone, step: Duration::from_secs(3600), ..SlotQuery::new(window, Duration::from_secs(3600)) }
}

/// Starts of slots as Ada's clock shows them.
pub(super) fn shown(found: &Slots) -> Vec<String> {
    let zone = Tzdb.known("Europe/Zurich").unwrap();
    let clock =
        |slot: &theo_calendar::conflict::slots::Slot| LocalTime::new(slot.range.start(), zone).to_string();
    found.slots.iter().map(clock).map(|shown| shown.replace("Mon 2025-03-31 ", "")).collect()
}

/// An event of that Monday.
pub(super) fn event(summary: &str, from: &str, to: &str) -> Value {
    let time =
        |clock: &str| json!({ "dateTime": format!("2025-03-31T{clock}:00"), "timeZone": "Europe/Zurich" });
    json!({ "summary": summary, "start": time(from), "end": time(to) })
}

#[tokio::test]
async fn what_takes_time_in_any_calendar_that_counts_is_kept_free() {
    let ada = Person::new().kept_in(STORE).await.calendar("gym@example.com", "Europe/Zurich");
    ada.made(ADA, event("Review", "09:00", "10:30"));
    ada.made("gym@example.com", event("Run", "16:00", "17:00"));
    let mut lunch = event("Lunch", "12:00", "13:00");
    lunch["recurrence"] = json!(["RRULE:FREQ=DAILY"]);
    for field in ["start", "end"] {
        let old = lunch[field]["dateTime"].as_str().unwrap().replace("2025-03-31", "2019-06-03");
        lunch[field]["dateTime"] = json!(old);
    }
    ada.made(ADA, lunch);
    let mut maybe = event("Talk", "13:00", "14:00");
    maybe["status"] = json!("tentative");
    ada.made(ADA, maybe);
    let mut free = event("Office", "10:30", "12:00");
    free["transparency"] = json!("transparent");
    ada.made(ADA, free);
    ada.sync().await;

    let service = service(&ada);
    let user = &ada.account.user;
    let found = service.find_slots(user, &monday()).await.unwrap();
    assert_eq!(shown(&found), ["14:00", "15:00", "11:00"]);
    assert!(found.unknown.is_empty() && !found.has_more, "{found:?}");

    let query = SlotQuery { overlook: Overlook::Medium, ..monday() };
    let overlooking = service.find_slots(user, &query).await.unwrap();
    assert_eq!(shown(&overlooking), ["14:00", "15:00", "11:00", "13:00"]);

    let settings = CalendarSettings { is_selected: false, is_hidden: false };
    service.set_calendar_settings(&ada.key("gym@example.com"), settings).await.unwrap();
    let without = service.find_slots(user, &monday()).await.unwrap();
    assert_eq!(shown(&without).len(), 4);
}

#[tokio::test]
async fn a_mirror_that_is_not_complete_knows_of_no_free_time() {
    let ada = Person::new().kept_in(STORE).await.calendar("gym@example.com", "Europe/Zurich");
    let (service, user) = (service(&ada), ada.account.user.clone());
    let before = service.find_slots(&user, &monday()).await.unwrap();
    assert!(before.slots.is_empty());
    assert_eq!(before.unknown[0].why, "none of your accounts is mirrored: sync one first");

    let only = SyncOptions { calendar_ids: Some(vec![ADA.into()]), ..ada.everything() };
    service.full_sync(&user, &only, &Unobserved).await.unwrap();
    let half = service.find_slots(&user, &monday()).await.unwrap();
    assert!(half.slots.is_empty(), "{half:?}");
    assert!(half.unknown[0].why.starts_with("your calendar “gym@example.com” is not mirrored"), "{half:?}");

    ada.settle().await;
    assert_eq!(shown(&service.find_slots(&user, &monday()).await.unwrap()).len(), 8);
}

#[tokio::test]
async fn a_mirror_that_waits_for_the_person_knows_of_no_free_time() {
    let ada = Person::new().kept_in(STORE).await.granted().await;
    ada.sync().await;
    let (service, user) = (service(&ada), &ada.account.user);
    assert_eq!(service.find_slots(user, &monday()).await.unwrap().slots.len(), 8);

    ada.google.revoke(ADA);
    ada.sync().await;
    let found = service.find_slots(user, &monday()).await.unwrap();
    assert!(found.slots.is_empty(), "{found:?}");
    assert!(found.unknown.iter().any(|unknown| unknown.why.contains("is not synced: ")), "{found:?}");
}

#[tokio::test]
async fn an_event_that_cannot_be_read_makes_its_time_unknown() {
    let ada = Person::new().kept_in(STORE).await;
    let mut odd = event("Odd", "09:00", "11:00");
    odd["sequence"] = json!("first");
    ada.made(ADA, odd);
    ada.sync().await;
    let (service, user) = (service(&ada), &ada.account.user);
    let found = service.find_slots(user, &monday()).await.unwrap();
    assert_eq!(shown(&found).first().map(String::as_str), Some("11:00"));
    assert_eq!(found.slots.len(), 6);
    assert!(found.unknown[0].why.starts_with("an event of your calendar"), "{found:?}");

    // Of one whose time cannot be read either, any time may be its.
    let mut worse = event("Worse", "09:00", "11:00");
    worse["start"] = json!("tomorrow");
    ada.made(ADA, worse);
    ada.sync().await;
    assert!(service.find_slots(user, &monday()).await.unwrap().slots.is_empty());
}
