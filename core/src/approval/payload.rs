//! What binds an approval to what was shown, and what it does at Google to the approval.

use data_encoding::BASE32HEX_NOPAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::ActionRequest;
use crate::{
    Error, ErrorKind, Result,
    id::{ApprovalId, EventId, UserId},
    model::Event,
};

/// The private extended property that carries the approval's id on every event it makes or changes.
pub const APPROVAL_TAG: &str = "theoApproval";

/// SHA-256 over the canonical JSON (keys sorted, no white space) of the request, its user, and the id and etag of
/// the event it was shown against.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when the request holds a number no program reads.
pub fn payload_hash(user: &UserId, request: &ActionRequest, shown: Option<&Event>) -> Result<[u8; 32]> {
    // `Value` keeps its keys sorted, at every depth; what was written in another order hashes the same.
    let request = serde_json::to_value(request).map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "the request cannot be written as JSON").with_source(error)
    })?;
    let shown = shown.map(|event| json!({ "id": event.id, "etag": event.etag }));
    let payload = json!({ "user": user, "request": request, "shown": shown });
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

    fn request(json: &str) -> ActionRequest {
        let draft: EventDraft = serde_json::from_str(json).unwrap();
        let calendar = AccountKey::new("ada", "ada@example.com").calendar("work");
        ActionRequest::new(Action::Create { calendar, draft: Box::new(draft) })
    }

    #[test]
    fn the_order_of_keys_does_not_change_the_hash_and_every_value_does() {
        let hash = |json| payload_hash(&"ada".into(), &request(json), None).unwrap();
        let first = hash(r#"{"summary":"Plan","later":{"a":1,"b":2}}"#);

        assert_eq!(first, hash(r#"{"later":{"b":2,"a":1},"summary":"Plan"}"#));
        assert_ne!(first, hash(r#"{"summary":"Plan","later":{"a":1,"b":3}}"#));
        assert_ne!(first, hash(r#"{"summary":"plan","later":{"a":1,"b":2}}"#));
        assert_ne!(
            first,
            payload_hash(&"bob".into(), &request(r#"{"summary":"Plan","later":{"a":1,"b":2}}"#), None)
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

        let one = payload_hash(&"ada".into(), &request, Some(&version("\"1\""))).unwrap();
        let two = payload_hash(&"ada".into(), &request, Some(&version("\"2\""))).unwrap();

        assert_ne!(one, two);
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
