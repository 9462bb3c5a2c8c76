//! What is stored of an approval reads back as it was.

use theo_calendar::{
    approval::{Action, ActionRequest},
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
