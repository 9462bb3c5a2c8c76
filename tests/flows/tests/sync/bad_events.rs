//! Events that no calendar should hold.

use flows::{ADA, Person, Rewritten, one_hour};
use serde_json::{Value, json};
use theo_calendar::{storage::QuarantinedEvent, sync::SyncPhase};

use super::STORE;

/// Events that cannot be mapped: a field of another type, a day that is none, a time that is none.
fn shapes() -> Vec<(&'static str, Value)> {
    vec![
        ("start", json!("tomorrow")),
        ("start", json!({ "date": "2025-02-30" })),
        ("start", json!({ "dateTime": "half past nine" })),
        ("start", json!({ "dateTime": 1_743_152_400 })),
        ("start", json!({ "date": 20_250_328 })),
        ("start", json!({ "dateTime": "2025-03-28T25:00:00Z" })),
        ("end", json!(["2025-03-28"])),
        ("summary", json!(42)),
        ("summary", json!({ "text": "Lunch" })),
        ("description", json!(["a", "b"])),
        ("attendees", json!({ "email": "bob@example.com" })),
        ("attendees", json!(["bob@example.com"])),
        ("attendees", json!([{ "email": "bob@example.com", "optional": "yes" }])),
        ("recurrence", json!("RRULE:FREQ=DAILY")),
        ("recurrence", json!([{ "freq": "daily" }])),
        ("reminders", json!([])),
        ("reminders", json!({ "useDefault": "true" })),
        ("reminders", json!({ "overrides": [{ "method": "popup", "minutes": "ten" }] })),
        ("sequence", json!("first")),
        ("status", json!(1)),
        ("transparency", json!(false)),
        ("organizer", json!("ada@example.com")),
        ("extendedProperties", json!({ "private": ["a=b"] })),
        ("conferenceData", json!("https://meet.example.com")),
        ("attachments", json!([7])),
        ("locked", json!("no")),
    ]
}

async fn quarantined(ada: &Person) -> Vec<QuarantinedEvent> {
    ada.store.quarantined(&ada.account.user).await.unwrap()
}

/// FAULTS 24.
#[tokio::test]
async fn an_event_that_cannot_be_mapped_is_kept_raw_and_counted_and_the_page_moves_on() {
    let ada = Person::new().kept_in(STORE).await.page_of(5);
    let mut bad = Vec::new();
    for (number, (field, value)) in shapes().into_iter().enumerate() {
        ada.event(ADA, &format!("Good {number}"), number as i64);
        let id = format!("bad{number}");
        let mut event = one_hour("Bad", 1);
        (event["id"], event[field]) = (id.as_str().into(), value.clone());
        ada.made(ADA, event);
        bad.push((id, field, value));
    }

    let report = ada.sync().await;

    assert!(report.is_complete(), "{report:?}");
    let kept = quarantined(&ada).await;
    let mirror = ada.mirrored(ADA).await;
    for (id, field, value) in &bad {
        let kept = kept.iter().find(|kept| kept.event.as_ref().is_some_and(|event| event.as_str() == id));
        let kept = kept.unwrap_or_else(|| panic!("{id} ({field}: {value}) is not in the quarantine"));
        let raw: Value = serde_json::from_str(kept.raw.as_str()).unwrap();
        assert_eq!(raw, ada.google.event(ADA, id).unwrap(), "{id}");
        assert!(!kept.reason.is_empty() && !mirror.contains_key(id));
    }
    println!("{} shapes quarantined, for example: {}", kept.len(), kept[0].reason);
    assert_eq!((report.events_quarantined, report.events_added), (bad.len() as u64, bad.len() as u64));
    assert_eq!(mirror.len(), bad.len());
    assert!(matches!(ada.state(ADA).await.phase, SyncPhase::Incremental { .. }));
}

/// FAULTS 24: the quarantine is left by the way it was entered.
#[tokio::test]
async fn an_event_that_is_mended_at_google_leaves_the_quarantine_and_one_that_is_spoilt_keeps_its_mirrored_row()
 {
    let ada = Person::new().kept_in(STORE).await;
    let mended = ada.event(ADA, "Mended", 1);
    let spoilt = ada.event(ADA, "Spoilt", 2);
    ada.google.patch_event(ADA, &mended, json!({ "sequence": "first" }));
    ada.sync().await;
    assert_eq!(quarantined(&ada).await.len(), 1);
    ada.google.patch_event(ADA, &mended, json!({ "sequence": 1 }));
    ada.google.patch_event(ADA, &spoilt, json!({ "sequence": "first" }));

    let report = ada.sync().await;

    assert!(report.is_complete() && report.events_quarantined == 1, "{report:?}");
    let kept = quarantined(&ada).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].event.as_ref().unwrap().as_str(), spoilt);
    let mirror = ada.mirrored(ADA).await;
    assert_eq!(
        (mirror[&mended]["summary"].as_str(), mirror[&spoilt]["summary"].as_str()),
        (Some("Mended"), Some("Spoilt"))
    );

    ada.google.patch_event(ADA, &spoilt, json!({ "sequence": 2 }));
    ada.refresh().await;
    assert!(quarantined(&ada).await.is_empty());
    ada.assert_mirrors_google(&[ADA]).await;
}

/// FAULTS 25: what JSON allows and what it does not.
#[tokio::test]
async fn nul_and_broken_text_are_kept_or_quarantined_and_harm_no_neighbour() {
    let wire = Rewritten::new([
        ("@lone-high", br"\ud83d".to_vec()),
        ("@lone-low", br"\ude00".to_vec()),
        ("@swapped", br"\ude00\ud83d".to_vec()),
        ("@latin-1", b"Z\xfcrich".to_vec()),
        ("@overlong", b"\xc0\xaf".to_vec()),
    ]);
    let ada = Person::new().kept_in(STORE).await.page_of(3).http(wire);
    let nul = ada.event(ADA, "NUL \u{0} here", 1);
    let huge = ada.made(ADA, {
        let mut event = one_hour("Huge", 2);
        event["description"] = "x\u{1F600}".repeat(200_000).into();
        event
    });
    let bad: Vec<String> = ["@lone-high", "@lone-low", "@swapped", "@latin-1", "@overlong"]
        .into_iter()
        .map(|marker| {
            ada.event(ADA, "Good", 3);
            ada.event(ADA, marker, 4)
        })
        .collect();

    let report = ada.sync().await;

    assert!(report.is_complete(), "{report:?}");
    let mirror = ada.mirrored(ADA).await;
    assert_eq!(mirror[&nul]["summary"], "NUL \u{0} here");
    assert_eq!(mirror[&huge]["description"].as_str().unwrap().len(), 1_000_000);
    let kept = quarantined(&ada).await;
    let mut ids: Vec<&str> = kept.iter().filter_map(|kept| kept.event.as_ref()).map(AsRef::as_ref).collect();
    let mut expected: Vec<&str> = bad.iter().map(String::as_str).collect();
    ids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(ids, expected);
    for kept in &kept {
        println!("{}: {}", kept.reason, &kept.raw.as_str()[..60]);
    }
    assert_eq!(mirror.len() + kept.len(), ada.at_google(ADA).len());
    assert!(matches!(ada.state(ADA).await.phase, SyncPhase::Incremental { .. }));
}
