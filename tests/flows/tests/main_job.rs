//! The main job, from the first sync to the mirrored change, the same on tokio and on smol.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use fake_google::{Config, FakeGoogle};
use flows::{ADA, google_http, judged};
use http::{Request, Response};
use serde_json::json;
use theo_calendar::{
    CalendarService,
    approval::{Action, ActionRequest, ApprovalState, Decision, Principal},
    auth::StaticToken,
    client::CalendarClient,
    conflict::{ConflictPolicy, Severity},
    http::{HttpClient, HttpError},
    id::AccountKey,
    model::{EventDraft, SendUpdates},
    recurrence::Tzdb,
    storage::MemoryStore,
    sync::{SyncOptions, Unobserved},
    time::{SystemClock, Timer},
};

/// Sync, conflict, request, decision, execution, the mirrored event, and what changed at Google meanwhile.
async fn main_job(http: impl HttpClient + 'static, timer: impl Timer + 'static) {
    let google = FakeGoogle::spawn(Config::new()).unwrap();
    google.add_person(ADA, "Europe/Zurich");
    let at =
        |hour: u32| json!({ "dateTime": format!("2030-05-06T{hour:02}:00:00"), "timeZone": "Europe/Zurich" });
    let utc = |hour: u32| json!({ "dateTime": format!("2030-05-06T{hour:02}:00:00Z") });
    google.create_event(ADA, json!({ "summary": "Review", "start": utc(8), "end": utc(9) }));
    let weekly =
        |hour: u32| json!({ "dateTime": format!("2028-05-08T{hour:02}:00:00"), "timeZone": "Europe/Zurich" });
    let standup = json!({ "summary": "Standup", "start": weekly(12), "end": weekly(13),
        "recurrence": ["RRULE:FREQ=WEEKLY"] });
    google.create_event(ADA, standup);
    let doomed = google.create_event(ADA, json!({ "summary": "Doomed", "start": utc(15), "end": utc(16) }));
    let token = StaticToken::new(google.token(ADA, &["calendar"]));
    let client = CalendarClient::builder(http, token, SystemClock, timer)
        .base_url(google.url().parse().unwrap())
        .build()
        .unwrap();
    let clock = Arc::new(SystemClock);
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let service = CalendarService::new(store, client, clock, Arc::new(Tzdb), "worker");
    let account = AccountKey::new("ada", ADA);
    let calendar = account.calendar("primary");
    let (theo, ada) = (
        Principal::Agent { user: account.user.clone(), name: "theo".into() },
        Principal::User(account.user.clone()),
    );

    let options = SyncOptions { accounts: Some(vec![account.account.clone()]), ..SyncOptions::default() };
    let report = service.full_sync(&account.user, &options, &Unobserved).await.unwrap();
    assert!(report.is_complete());
    assert_eq!(report.events_added, 3);

    // Ten o'clock in Zurich is eight in UTC: the review is in the way.
    let mut draft: EventDraft = serde_json::from_value(json!({
        "summary": "Call", "start": at(10), "end": at(11), "attendees": [{ "email": "bob@example.com" }],
    }))
    .unwrap();
    let proposal = service.propose(&calendar, &draft).await.unwrap();
    let found = service.detect_conflicts(&account.user, &proposal, &ConflictPolicy::default()).await.unwrap();
    assert_eq!((found.conflicts.len(), found.worst()), (1, Some(Severity::High)));

    // A series that began two years before is in the way at noon.
    let noon = EventDraft { start: serde_json::from_value(at(12)).unwrap(), ..draft.clone() };
    let noon = EventDraft { end: serde_json::from_value(at(13)).unwrap(), ..noon };
    let proposal = service.propose(&calendar, &noon).await.unwrap();
    let found = service.detect_conflicts(&account.user, &proposal, &ConflictPolicy::default()).await.unwrap();
    let instance = found.conflicts[0].instance_id.as_ref().unwrap();
    assert!(instance.as_str().ends_with("_20300506T100000Z") && found.is_complete(), "{instance}");

    draft.start = serde_json::from_value(at(14)).unwrap();
    draft.end = serde_json::from_value(at(15)).unwrap();
    let action = Action::Create { calendar: calendar.clone(), draft: Box::new(draft) };
    let asked =
        service.request(&theo, ActionRequest::new(action).send_updates(SendUpdates::All)).await.unwrap();
    assert!(google.effects().is_empty());
    service.decide(&theo, &asked.id, Decision::Approve { notes: None }).await.unwrap_err();
    service.decide(&ada, &asked.id, Decision::Approve { notes: None }).await.unwrap();
    let executed = service.execute(&account.user, &asked.id).await.unwrap();
    service.execute(&account.user, &asked.id).await.ok();
    assert_eq!(executed.state, ApprovalState::Executed);
    let made = executed.execution.unwrap().event;
    assert_eq!(google.effects_on(ADA, made.as_str()), 1);
    assert_eq!(google.mail().len(), 1);
    let mirrored = service.event(&calendar.event(made.clone())).await.unwrap();
    assert_eq!(mirrored.event.summary.as_deref(), Some("Call"));

    google.delete_event(ADA, doomed["id"].as_str().unwrap());
    google.patch_event(ADA, made.as_str(), json!({ "summary": "Call with Bob" }));
    let report = service.incremental_sync(&account.user).await.unwrap();
    assert!(report.is_complete() && !report.calendars[0].full, "{report:?}");
    assert_eq!((report.events_added, report.events_updated, report.events_deleted), (0, 1, 1));
    let mirrored = service.event(&calendar.event(made)).await.unwrap();
    assert_eq!(mirrored.event.summary.as_deref(), Some("Call with Bob"));
    assert_eq!(service.incremental_sync(&account.user).await.unwrap().events_processed, 0);
}

#[tokio::test]
async fn the_main_job_runs_on_tokio_with_reqwest() {
    main_job(google_http(), theo_calendar::time::TokioTimer).await;
}

#[test]
fn the_main_job_runs_on_smol_with_a_client_that_knows_no_runtime() {
    smol::block_on(main_job(judged(BlockingHttp::new()), SmolTimer));
}

struct SmolTimer;

#[async_trait]
impl Timer for SmolTimer {
    async fn sleep(&self, duration: Duration) {
        smol::Timer::after(duration).await;
    }
}

/// HTTP by ureq, on smol's pool of threads that may block.
struct BlockingHttp(ureq::Agent);

impl BlockingHttp {
    fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false);
        Self(config.build().into())
    }
}

#[async_trait]
impl HttpClient for BlockingHttp {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let agent = self.0.clone();
        smol::unblock(move || {
            let (parts, body) = request.into_parts();
            let answer = match body.is_empty() {
                true => agent.run(Request::from_parts(parts, ())),
                false => agent.run(Request::from_parts(parts, &body[..])),
            };
            let (parts, mut body) =
                answer.map_err(|error| HttpError::interrupted(error.to_string()))?.into_parts();
            let whole = body.read_to_vec().map_err(|error| HttpError::interrupted(error.to_string()))?;
            Ok(Response::from_parts(parts, whole.into()))
        })
        .await
    }
}
