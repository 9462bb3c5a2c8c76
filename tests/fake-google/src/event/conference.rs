//! Conference data: ignored unless the client says it can handle it.

use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};

/// Settles `conferenceData`. Without version 1 whatever was there stays.
pub(crate) fn settle(
    event: &mut Map<String, Value>,
    previous: Option<&Map<String, Value>>,
    version_1: bool,
    random: &mut fastrand::Rng,
) -> ApiResult<()> {
    let kept = |field: &str| previous.and_then(|previous| previous.get(field)).cloned();
    if !version_1 {
        event.remove("conferenceData");
        event.extend(kept("conferenceData").map(|data| ("conferenceData".to_owned(), data)));
        event.extend(kept("hangoutLink").map(|link| ("hangoutLink".to_owned(), link)));
        return Ok(());
    }
    let Some(data) = event.get("conferenceData").and_then(Value::as_object).cloned() else {
        event.remove("conferenceData");
        return Ok(());
    };
    let request = data.get("createRequest").and_then(Value::as_object).cloned();
    let asked_before =
        kept("conferenceData").and_then(|data| data.pointer("/createRequest/requestId").cloned());
    match request {
        Some(request) if request.get("requestId") != asked_before.as_ref() => {
            let id = request.get("requestId").and_then(Value::as_str).filter(|id| !id.is_empty());
            let id = id.ok_or_else(|| ApiError::required("conference request id"))?.to_owned();
            let (made, link) = create(&id, random);
            event.insert("conferenceData".into(), made);
            event.insert("hangoutLink".into(), link.into());
        }
        _ => {
            if let Some(link) = kept("hangoutLink").or_else(|| meet_link(&data)) {
                event.insert("hangoutLink".into(), link);
            }
        }
    }
    Ok(())
}

fn meet_link(data: &Map<String, Value>) -> Option<Value> {
    let points = data.get("entryPoints")?.as_array()?;
    let uris = points.iter().filter_map(|point| point.get("uri"));
    uris.into_iter()
        .find(|uri| uri.as_str().is_some_and(|uri| uri.starts_with("https://meet.google.com/")))
        .cloned()
}

/// A Meet conference, made at once: status `success`.
fn create(request_id: &str, random: &mut fastrand::Rng) -> (Value, String) {
    let mut letters = |count: usize| -> String { (0..count).map(|_| random.lowercase()).collect() };
    let id = format!("{}-{}-{}", letters(3), letters(4), letters(3));
    let link = format!("https://meet.google.com/{id}");
    let key = json!({ "type": "hangoutsMeet" });
    let data = json!({
        "createRequest": {
            "requestId": request_id, "conferenceSolutionKey": key, "status": { "statusCode": "success" }
        },
        "entryPoints": [{ "entryPointType": "video", "uri": link, "label": format!("meet.google.com/{id}") }],
        "conferenceSolution": { "key": key, "name": "Google Meet", "iconUri": "https://fonts.gstatic.com/meet.png" },
        "conferenceId": id,
    });
    (data, link)
}
