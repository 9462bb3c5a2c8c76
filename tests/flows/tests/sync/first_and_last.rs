//! The order in which things come does not matter.

use std::{collections::BTreeSet, sync::Arc};

use flows::{ADA, Person, RecordedGoogle, occurrence};
use serde_json::{Value, json};

use super::STORE;

/// A series, an occurrence of it that was moved, one cancelled, one cut off by the end of the series (only its id is
/// sent), and an event that was deleted.
fn family() -> Vec<Value> {
    let at = |time: &str| json!({ "dateTime": time, "timeZone": "Europe/Zurich" });
    vec![
        json!({
            "id": "base", "etag": "\"1\"", "status": "confirmed", "summary": "Series",
            "start": at("2025-03-24T16:00:00+01:00"), "end": at("2025-03-24T17:00:00+01:00"),
            "recurrence": ["RRULE:FREQ=DAILY;UNTIL=20250327T225959Z"],
        }),
        json!({
            "id": "base_20250325T150000Z", "etag": "\"2\"", "status": "confirmed", "summary": "Moved",
            "start": at("2025-03-25T18:00:00+01:00"), "end": at("2025-03-25T19:00:00+01:00"),
            "recurringEventId": "base", "originalStartTime": at("2025-03-25T16:00:00+01:00"),
        }),
        json!({
            "id": "base_20250326T150000Z", "etag": "\"3\"", "status": "cancelled",
            "recurringEventId": "base", "originalStartTime": at("2025-03-26T16:00:00+01:00"),
        }),
        json!({ "id": "base_20250328T150000Z", "etag": "\"4\"", "status": "cancelled" }),
        json!({ "id": "gone", "etag": "\"5\"", "status": "cancelled" }),
    ]
}

/// FAULTS 28: all orders of them, on one page, on pages of two, and one by one.
#[tokio::test]
async fn a_series_and_its_exceptions_converge_in_any_order_over_any_pages() {
    let world = Person::new().kept_in(STORE).await;
    let mut outcomes = BTreeSet::new();
    let mut orders = 0;
    for order in permutations(family()) {
        for page in [1, 2, 5] {
            let pages = order.chunks(page).map(<[Value]>::to_vec).collect();
            let google = RecordedGoogle::calendar(ADA, pages);
            let ada =
                Person::at(world.google.clone(), world.clock.clone(), ADA).kept_in(STORE).await.http(google);

            let report = ada.sync().await;

            assert!(report.is_complete(), "{report:?}");
            outcomes.insert(json!(ada.mirrored(ADA).await).to_string());
            orders += 1;
        }
    }
    println!("{orders} orders and pagings, {} outcome(s)", outcomes.len());
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    let mirror: Value = serde_json::from_str(outcomes.first().unwrap()).unwrap();
    assert_eq!(mirror["base_20250328T150000Z"]["recurringEventId"], "base");
    assert_eq!(mirror["base_20250325T150000Z"]["summary"], "Moved");
    assert!(mirror["gone"].is_null() && mirror.as_object().unwrap().len() == 4, "{mirror}");
}

/// FAULTS 28, over real HTTP: Google lists by last change, so touching things in turn gives every order.
#[tokio::test]
async fn a_series_whose_parts_were_touched_in_any_order_is_mirrored_by_a_complete_listing_and_by_changes() {
    for order in permutations(vec![0, 1, 2, 3]) {
        let ada = Arc::new(Person::new().kept_in(STORE).await.page_of(1));
        let series = ada.series(ADA, "Series", 8);
        let listed_before =
            Person::at(ada.google.clone(), ada.clock.clone(), ADA).kept_in(STORE).await.page_of(1);
        listed_before.sync().await;
        for step in &order {
            match step {
                0 => drop(ada.google.patch_event(ADA, &series, json!({ "summary": "Renamed" }))),
                1 => drop(ada.google.patch_event(
                    ADA,
                    &occurrence(&series, 1),
                    json!({ "summary": "Changed" }),
                )),
                2 => ada.google.delete_event(ADA, &occurrence(&series, 2)),
                _ => {
                    drop(ada.google.split_series(ADA, &occurrence(&series, 5), json!({ "summary": "Later" })))
                }
            }
        }

        ada.sync().await;
        listed_before.sync().await;

        ada.assert_mirrors_google(&[ADA]).await;
        listed_before.assert_mirrors_google(&[ADA]).await;
    }
}

fn permutations<T: Clone>(items: Vec<T>) -> Vec<Vec<T>> {
    if items.len() < 2 {
        return vec![items];
    }
    (0..items.len())
        .flat_map(|first| {
            let mut rest = items.clone();
            let first = rest.remove(first);
            permutations(rest).into_iter().map(move |mut order| {
                order.insert(0, first.clone());
                order
            })
        })
        .collect()
}
