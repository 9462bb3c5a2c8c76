//! What binds an approval to what was shown, and what it does at Google to the approval.

use data_encoding::BASE32HEX_NOPAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{ActionRequest, NamedOccurrence, Preview};
use crate::{
    Error, ErrorKind, Result,
    id::{ApprovalId, EventId, UserId},
    model::Event,
};

/// The private extended property that carries the approval's id on every event it makes or changes.
pub const APPROVAL_TAG: &str = "theoApproval";

/// What an approval was shown against.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The event, as it was.
    pub event: Option<&'a Event>,
    /// The occurrence that was named, where more of its series is changed.
    pub occurrence: Option<&'a NamedOccurrence>,
    /// What the person was shown.
    pub preview: &'a Preview,
}

/// SHA-256 over the canonical JSON (keys sorted, no white space) of the request, its user, the id and etag of the
/// event it was shown against, the occurrence it names, and the occurrences it was shown to touch.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when the request holds a number no program reads.
pub fn payload_hash(user: &UserId, request: &ActionRequest, shown: Shown<'_>) -> Result<[u8; 32]> {
    // `Value` keeps its keys sorted, at every depth; what was written in another order hashes the same.
    let request = serde_json::to_value(request).map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "the request cannot be written as JSON").with_source(error)
    })?;
    let event = shown.event.map(|event| json!({ "id": event.id, "etag": event.etag }));
    let mut payload = json!({ "user": user, "request": request, "shown": event });
    // What approvals of before did not have is not in their hash.
    if let (Some(NamedOccurrence { event, splits }), Some(payload)) =
        (shown.occurrence, payload.as_object_mut())
    {
        let occurrence = json!({
            "id": event.id, "etag": event.etag, "start": event.start, "end": event.end, "splits": splits,
        });
        payload.insert("occurrence".to_owned(), occurrence);
    }
    let preview = shown.preview;
    if let (1.., Some(payload)) = (preview.occurrence_count, payload.as_object_mut()) {
        let touched = json!([preview.occurrences, preview.occurrence_count, preview.occurrences_truncated]);
        payload.insert("touched".to_owned(), touched);
    }
    Ok(Sha256::digest(payload.to_string()).into())
}

/// The id of the event that approval `id` makes: base32hex of its bytes, lower case, as Google demands (`[a-v0-9]`).
///
/// The same approval always asks for the same id, so that Google itself refuses a second insert.
pub fn created_event_id(id: &ApprovalId) -> EventId {
    BASE32HEX_NOPAD.encode(id.as_str().as_bytes()).to_ascii_lowercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        approval::Action,
        id::AccountKey,
        model::{EventDraft, EventPatch},
    };

    fn shown<'a>(event: Option<&'a Event>, preview: &'a Preview) -> Shown<'a> {
        Shown { event, occurrence: None, preview }
    }

    fn request(json: &str) -> ActionRequest {
        let draft: EventDraft = serde_json::from_str(json).unwrap();
        let calendar = AccountKey::new("ada", "ada@example.com").calendar("work");
        ActionRequest::new(Action::Create { calendar, draft: Box::new(draft) })
    }

    #[test]
    fn the_order_of_keys_does_not_change_the_hash_and_every_value_does() {
        let hash =
            |json| payload_hash(&"ada".into(), &request(json), shown(None, &Preview::default())).unwrap();
        let first = hash(r#"{"summary":"Plan","later":{"a":1,"b":2}}"#);

        assert_eq!(first, hash(r#"{"later":{"b":2,"a":1},"summary":"Plan"}"#));
        assert_ne!(first, hash(r#"{"summary":"Plan","later":{"a":1,"b":3}}"#));
        assert_ne!(first, hash(r#"{"summary":"plan","later":{"a":1,"b":2}}"#));
        assert_ne!(
            first,
            payload_hash(
                &"bob".into(),
                &request(r#"{"summary":"Plan","later":{"a":1,"b":2}}"#),
                shown(None, &Preview::default())
            )
            .unwrap()
        );
    }

    #[test]
    fn the_hash_binds_the_version_of_the_event_that_was_shown() {
        let key = AccountKey::new("ada", "ada@example.com").calendar("work").event("e1");
        let update =
            Action::Update { event: key, patch: Box::new(EventPatch::default()), scope: Default::default() };
        let request = ActionRequest::new(update);
        let version = |etag: &str| Event { etag: Some(etag.into()), ..Event::new("e1") };

        let hash = |version: &Event, preview: &Preview| {
            payload_hash(&"ada".into(), &request, shown(Some(version), preview)).unwrap()
        };
        let touches = |occurrence_count| Preview {
            occurrence_count,
            occurrences: vec!["Mon".into()],
            ..Preview::default()
        };

        let one = hash(&version("\"1\""), &Preview::default());
        assert_ne!(one, hash(&version("\"2\""), &Preview::default()));
        assert_ne!(one, hash(&version("\"1\""), &touches(2)));
        assert_ne!(hash(&version("\"1\""), &touches(3)), hash(&version("\"1\""), &touches(2)));
    }

    #[test]
    fn the_hash_binds_the_occurrence_from_which_on_a_series_is_changed() {
        let key = AccountKey::new("ada", "ada@example.com").calendar("work").event("e1_20250409T070000Z");
        let request = ActionRequest::new(Action::Delete { event: key, scope: Default::default() });
        let hash = |id: &str, splits| {
            let occurrence = NamedOccurrence { event: Box::new(Event::new(id)), splits };
            let preview = Preview::default();
            let shown = Shown { event: None, occurrence: Some(&occurrence), preview: &preview };
            payload_hash(&"ada".into(), &request, shown).unwrap()
        };

        assert_ne!(hash("e1_20250409T070000Z", true), hash("e1_20250410T070000Z", true));
        assert_ne!(hash("e1_20250409T070000Z", true), hash("e1_20250409T070000Z", false));
    }

    #[test]
    fn an_event_id_is_what_google_allows_and_the_same_for_the_same_approval() {
        let id = ApprovalId::from("2f1c8a0e-6f1e-4a53-9b1d-0a8f5f3f9f10");
        let event = created_event_id(&id);

        assert_eq!(event, created_event_id(&id));
        assert!((5..=1024).contains(&event.as_str().len()));
        assert!(event.as_str().bytes().all(|b| matches!(b, b'a'..=b'v' | b'0'..=b'9')), "{event}");
    }
}
