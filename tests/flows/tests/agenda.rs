//! A person's days, read from the mirror of what Google has.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use flows::{ADA, Person};
use serde_json::{Value, json};
use theo_calendar::{
    CalendarService, ErrorKind,
    agenda::{Agenda, AgendaQuery},
    recurrence::Tzdb,
    storage::CalendarSettings,
    time::TimeRange,
};

const TOKYO: &str = "tokyo@example.com";

fn service(ada: &Person) -> CalendarService {
    let clock = Arc::new(ada.clock.clone());
    CalendarService::new(ada.store.clone(), ada.client(), clock, Arc::new(Tzdb), "agenda")
}

/// From the midnight of Monday, 31 March 2025 in Zurich, the day after its clocks changed, to that of Thursday.
fn three_days() -> AgendaQuery {
    let at = |text: &str| text.parse().unwrap();
    AgendaQuery::new(TimeRange::new(at("2025-03-30T22:00:00Z"), at("2025-04-02T22:00:00Z")).unwrap())
}

/// Days with their titles.
fn shown(agenda: &Agenda) -> Vec<(String, Vec<String>)> {
    let title = |item: &theo_calendar::agenda::AgendaItem| {
        item.event.summary.as_deref().unwrap_or_default().to_owned()
    };
    agenda.days.iter().map(|day| (day.date.to_string(), day.items.iter().map(title).collect())).collect()
}

fn timed(summary: &str, start: &str, end: &str) -> Value {
    let time = |clock: &str| json!({ "dateTime": format!("{clock}:00"), "timeZone": "Europe/Zurich" });
    json!({ "summary": summary, "start": time(start), "end": time(end) })
}

#[tokio::test]
async fn a_series_is_on_each_day_it_takes_place_and_its_exceptions_where_they_were_moved() {
    let ada = Person::new();
    ada.made(ADA, timed("Dentist", "2025-03-31T15:00", "2025-03-31T16:00"));
    let mut standup = timed("Standup", "2019-06-03T09:00", "2019-06-03T09:15");
    standup["id"] = json!("standup");
    standup["recurrence"] = json!(["RRULE:FREQ=DAILY"]);
    ada.made(ADA, standup);
    ada.google.patch_event(
        ADA,
        "standup_20250401T070000Z",
        timed("Late standup", "2025-04-01T11:00", "2025-04-01T11:15"),
    );
    ada.google.delete_event(ADA, "standup_20250402T070000Z");
    ada.sync().await;

    let agenda = service(&ada).agenda(&ada.account.user, &three_days()).await.unwrap();

    let day = |date: &str, titles: &[&str]| {
        (date.to_owned(), titles.iter().map(|&title| title.to_owned()).collect())
    };
    assert_eq!(
        shown(&agenda),
        [day("2025-03-31", &["Standup", "Dentist"]), day("2025-04-01", &["Late standup"])]
    );
    assert_eq!(agenda.days[0].items[0].id.as_str(), "standup_20250331T070000Z");
    assert_eq!(agenda.days[0].items[0].key.event.as_str(), "standup");
    assert_eq!((agenda.time_zone.as_str(), agenda.truncated), ("Europe/Zurich", false));
}

#[tokio::test]
async fn a_whole_day_is_on_its_date_in_whatever_zone_one_reads_of_it() {
    let ada = Person::new().calendar(TOKYO, "Asia/Tokyo");
    ada.made(
        TOKYO,
        json!({ "summary": "Holiday", "start": { "date": "2025-04-01" }, "end": { "date": "2025-04-02" } }),
    );
    ada.sync().await;

    for zone in ["Europe/Zurich", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let query = AgendaQuery { time_zone: Some(zone.to_owned()), ..three_days() };
        let agenda = service(&ada).agenda(&ada.account.user, &query).await.unwrap();
        assert_eq!(shown(&agenda), [("2025-04-01".to_owned(), vec!["Holiday".to_owned()])], "{zone}");
    }
}

#[tokio::test]
async fn a_calendar_that_lists_leave_out_is_read_when_it_is_named() {
    let ada = Person::new().calendar(TOKYO, "Asia/Tokyo");
    ada.made(TOKYO, timed("Call", "2025-04-01T09:00", "2025-04-01T10:00"));
    ada.sync().await;
    let (service, user) = (service(&ada), &ada.account.user);
    let hidden = CalendarSettings { is_selected: true, is_hidden: true };
    service.set_calendar_settings(&ada.key(TOKYO), hidden).await.unwrap();

    assert_eq!(service.agenda(user, &three_days()).await.unwrap().days, []);
    let named = AgendaQuery { calendars: Some(vec![ada.key(TOKYO)]), ..three_days() };
    assert_eq!(service.agenda(user, &named).await.unwrap().days.len(), 1);
}

#[tokio::test]
async fn an_unknown_zone_or_calendar_is_named() {
    let ada = Person::new();
    ada.sync().await;
    let (service, user) = (service(&ada), &ada.account.user);

    let nowhere = AgendaQuery { time_zone: Some("Mars/Base".to_owned()), ..three_days() };
    let error = service.agenda(user, &nowhere).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("Mars/Base"), "{error}");

    let unknown = AgendaQuery { calendars: Some(vec![ada.key("nobody@example.com")]), ..three_days() };
    assert_eq!(service.agenda(user, &unknown).await.unwrap_err().kind(), ErrorKind::NotFound);
}
