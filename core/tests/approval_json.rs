//! What is stored of an approval reads back as it was.

use sha2::{Digest, Sha256};
use theo_calendar::{
    approval::{Action, ActionRequest, Approval, Execution, Step},
    google::EventBody,
    id::AccountKey,
    model::EventDraft,
};

#[test]
fn a_request_with_fields_this_version_does_not_know_survives_storage() {
    let draft: EventDraft = serde_json::from_str(
        r#"{"summary":"Plan","start":{"dateTime":"2025-03-28T15:00:00.000Z"},"later":{"n":1.0,"m":1e3}}"#,
    )
    .unwrap();
    let calendar = AccountKey::new("ada", "ada@example.com").calendar("work");
    let request = ActionRequest::new(Action::Create { calendar, draft: Box::new(draft) });

    let stored = serde_json::to_string(&request).unwrap();

    assert!(stored.contains(r#""later":{"n":1.0,"m":1e3}"#), "{stored}");
    assert_eq!(serde_json::from_str::<ActionRequest>(&stored).unwrap(), request);
}

/// An approval as it was stored before approvals knew of steps and of the occurrences they touch.
const STORED_BEFORE: &str = r#"{
    "id": "a1", "version": 2, "user": "ada", "state": "approved",
    "request": {
        "action": { "delete": {
            "event": { "user": "ada", "account": "ada@example.com", "calendar": "work", "event": "standup" },
            "scope": "all"
        } },
        "send_updates": "none", "reason": null, "expires_in": null
    },
    "payload_hash": HASH,
    "snapshot": { "id": "standup", "etag": "\"1\"" },
    "preview": {
        "summary": "Delete \"Standup\"", "calendar": "Work", "time_zone": "UTC", "changes": [],
        "occurrences": ["Mon 2025-04-07 09:00–09:15 (UTC)"], "emails": { "inside": [], "outside": [] },
        "conflicts_caused": [], "conflicts_solved": []
    },
    "requested_by": { "agent": { "user": "ada", "name": "theo" } }, "requested_at": "2025-04-01T08:00:00Z",
    "expires_at": "2025-04-02T08:00:00Z", "decided_by": { "user": "ada" }, "decided_at": "2025-04-01T09:00:00Z",
    "notes": null, "supersedes": null, "execution": EXECUTION, "outcome": null, "updated_at": "2025-04-01T09:00:00Z"
}"#;

/// SHA-256 of the request and of what it was shown against, as it was told then.
fn hash_before() -> String {
    let payload = concat!(
        r#"{"request":{"action":{"delete":{"event":{"account":"ada@example.com","calendar":"work","event":"standup","#,
        r#""user":"ada"},"scope":"all"}},"expires_in":null,"reason":null,"send_updates":"none"},"#,
        r#""shown":{"etag":"\"1\"","id":"standup"},"user":"ada"}"#
    );
    format!("{:?}", Sha256::digest(payload).to_vec())
}

#[test]
fn an_approval_stored_before_reads_and_is_still_what_was_approved() {
    let stored = STORED_BEFORE.replace("HASH", &hash_before());
    let now = "2025-04-01T10:00:00Z".parse().unwrap();

    let approved: Approval = serde_json::from_str(&stored.replace("EXECUTION", "null")).unwrap();
    let executing = approved.begin_execution(&"ada".into(), "standup".into(), now).unwrap();
    assert_eq!(executing.execution, Some(Execution::of("standup".into(), now)));

    let execution = r#"{"event":"standup","attempts":1,"started_at":"2025-04-01T10:00:00Z"}"#;
    let begun = stored.replace("EXECUTION", execution).replace(r#""approved""#, r#""executing""#);
    let begun: Approval = serde_json::from_str(&begun).unwrap();
    assert_eq!(begun.execution.as_ref(), Some(&Execution::of("standup".into(), now)));
    assert!(!begun.has_next_step() && begun.try_again(now).is_ok());
}

#[test]
fn steps_survive_storage_to_the_byte_of_what_this_version_does_not_know() {
    let draft: EventDraft = serde_json::from_str(r#"{"summary":"Plan","later":{"n":1.0,"m":1e3}}"#).unwrap();
    let changes: EventBody = serde_json::from_str(r#"{"location":null,"later":1.50}"#).unwrap();
    let steps = vec![
        Step::Trim {
            recurrence: vec!["RRULE:FREQ=DAILY;COUNT=2".into()],
            cut_off: vec!["x_20250409".into()],
        },
        Step::Insert { event: "new".into(), draft: Box::new(draft) },
        Step::Carry { event: "new_20250410".into(), from: "x_20250410".into(), changes },
        Step::Answer { event: "x_20250411".into() },
    ];

    let stored = serde_json::to_string(&steps).unwrap();

    assert!(
        stored.contains(r#""later":{"n":1.0,"m":1e3}"#) && stored.contains(r#""later":1.50"#),
        "{stored}"
    );
    assert_eq!(serde_json::from_str::<Vec<Step>>(&stored).unwrap(), steps);
}
