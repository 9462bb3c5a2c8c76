//! What is in the way, asked of the mirror of what Google has.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use flows::{ADA, Person};
use serde_json::json;
use theo_calendar::{
    CalendarService, ErrorKind,
    conflict::{ConflictPolicy, Proposal},
    recurrence::Tzdb,
    storage::CalendarSettings,
    time::TimeRange,
};

const CLUB: &str = "club@group.calendar.google.com";

fn service(ada: &Person) -> CalendarService {
    let clock = Arc::new(ada.clock.clone());
    CalendarService::new(ada.store.clone(), ada.client(), clock, Arc::new(Tzdb), "conflicts")
}

fn nine_to_ten() -> Proposal {
    let at = |text: &str| text.parse().unwrap();
    TimeRange::new(at("2025-04-01T09:00:00Z"), at("2025-04-01T10:00:00Z")).unwrap().into()
}

#[tokio::test]
async fn a_calendar_that_does_not_count_is_asked_when_it_is_named() {
    let ada = Person::new().calendar(CLUB, "Europe/Zurich");
    let time = |clock: &str| json!({ "dateTime": format!("2025-04-01T{clock}:00Z") });
    ada.made(CLUB, json!({ "summary": "Training", "start": time("09:30"), "end": time("11:00") }));
    ada.sync().await;
    let (service, user, policy) = (service(&ada), &ada.account.user, ConflictPolicy::default());
    let unselected = CalendarSettings { is_selected: false, is_hidden: false };
    service.set_calendar_settings(&ada.key(CLUB), unselected).await.unwrap();

    assert!(service.detect_conflicts(user, &nine_to_ten(), &policy).await.unwrap().is_free());
    let in_it = |calendar| {
        let (service, key, policy) = (&service, ada.key(calendar), &policy);
        async move { service.detect_conflicts_in(user, &[key], &nine_to_ten(), policy).await }
    };
    assert_eq!(in_it(CLUB).await.unwrap().conflicts[0].summary.as_deref(), Some("Training"));
    assert!(in_it(ADA).await.unwrap().is_free());
    assert!(in_it("primary").await.unwrap().is_free());
    assert_eq!(in_it("nobody@example.com").await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_told_where_it_may_be_in_the_way() {
    let ada = Person::new();
    let at = |clock: &str| json!({ "dateTime": format!("2025-04-01T{clock}:00Z") });
    let unreadable = |id: &str, start, end| {
        // An event of which one field is of another kind than Google's.
        ada.made(ADA, json!({ "id": id, "start": start, "end": end, "attendees": "everybody" }));
    };
    unreadable("inside", at("09:30"), at("11:00"));
    unreadable("later", at("14:00"), at("15:00"));
    unreadable("ever", json!("tomorrow"), at("15:00"));
    ada.sync().await;
    let (service, user) = (service(&ada), &ada.account.user);

    let told = async |policy: &ConflictPolicy| {
        let found = service.detect_conflicts(user, &nine_to_ten(), policy).await.unwrap();
        assert!(found.conflicts.is_empty() && !found.is_free() && !found.truncated, "{found:?}");
        found.unreadable.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(told(&ConflictPolicy::default()).await, ["ever", "inside"]);
    assert_eq!(told(&ConflictPolicy::excluding("inside")).await, ["ever"]);
}
