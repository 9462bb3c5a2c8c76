//! FAULTS 2 to 6: lost answers, identities taken twice, events that changed, workers that race.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use fake_google::{Fault, FaultKind};
use flows::{ADA, Fate, Moment, TEAM, World};
use serde_json::{Value, json};
use theo_calendar::{
    ErrorKind,
    approval::{
        ActionRequest, Approval, ApprovalState, Decision, Drift, MAX_ATTEMPTS, Outcome, created_event_id,
    },
    client::RetryPolicy,
    model::{EventPatch, ResponseStatus, SendUpdates},
};

use super::STORE;

fn failure(approval: &Approval) -> (&str, &str) {
    match approval.outcome.as_ref().unwrap() {
        Outcome::NotDone { kind, message } => (kind, message),
        other => panic!("{other:?}"),
    }
}

fn drift(approval: &Approval) -> &Drift {
    match approval.outcome.as_ref().unwrap() {
        Outcome::Drifted(drift) => drift,
        other => panic!("{other:?}"),
    }
}

async fn execute(world: &World, approved: &Approval, retry: RetryPolicy) -> Approval {
    let (process, _) = world.process_of(Fate::lives(), retry);
    process.execute(&approved.user, &approved.id).await.unwrap()
}

/// Each action on a fresh world, with the operation it writes by.
async fn actions() -> Vec<(World, ActionRequest, &'static str)> {
    let mut actions = Vec::new();
    for operation in ["events.insert", "events.patch", "events.delete"] {
        let world = World::kept_in(STORE).await;
        let meeting = world.meeting().await;
        let request = match operation {
            "events.insert" => world.create(),
            "events.patch" => world.update(&meeting, json!({ "location": "Room 2" })),
            _ => world.delete(&meeting),
        };
        actions.push((world, request, operation));
    }
    actions
}

#[tokio::test]
async fn an_answer_lost_after_google_applied_it_is_found_at_once_and_nothing_is_sent_again() {
    for (world, request, operation) in actions().await {
        let approved = world.approved(request).await;
        world.google.fault(Fault::once(operation, FaultKind::DropAfter));

        let executed = execute(&world, &approved, RetryPolicy::NEVER).await;

        assert_eq!(executed.state, ApprovalState::Executed, "{operation}: {:?}", executed.outcome);
        assert_eq!(world.google.effects().len(), 1, "{operation}");
        assert_eq!(world.google.mail().len(), 2, "{operation}: one round of mail");
        assert_eq!(world.google.requests(operation), 1, "{operation}");
        let steps = ["requested", "approved", "executing", "unknown", "executed"];
        assert_eq!(
            world.audit_of(&executed).await,
            steps.map(|step| format!("approval.{step}")),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_client_that_tries_again_by_itself_still_changes_and_mails_once() {
    for fault in [FaultKind::DropAfter, FaultKind::DropBefore, FaultKind::TruncateBody, unavailable()] {
        for (world, request, operation) in actions().await {
            let approved = world.approved(request).await;
            world.google.fault(Fault::times(operation, 2, fault.clone()));

            let executed = execute(&world, &approved, RetryPolicy::default()).await;

            assert_eq!(
                executed.state,
                ApprovalState::Executed,
                "{operation} {fault:?}: {:?}",
                executed.outcome
            );
            assert_eq!(world.google.effects().len(), 1, "{operation} {fault:?}");
            assert_eq!(world.google.mail().len(), 2, "{operation} {fault:?}");
        }
    }
}

fn unavailable() -> FaultKind {
    FaultKind::Status { status: 503, reason: "backendError".into(), retry_after: None }
}

#[tokio::test]
async fn an_insert_that_google_took_twice_is_found_and_reported() {
    let world = World::kept_in(STORE).await;
    let approved = world.approved(world.create()).await;
    world.google.fault(Fault::once("events.insert", FaultKind::DropAfter));
    world.google.fault(Fault::once("events.insert", FaultKind::AcceptDuplicate).after(1));

    let executed = execute(&world, &approved, RetryPolicy::default()).await;

    let id = created_event_id(&approved.id);
    let outcome = Outcome::Done { event: id.clone(), duplicates: vec![id] };
    assert_eq!((executed.state, executed.outcome.as_ref()), (ApprovalState::Executed, Some(&outcome)));
    assert_eq!(world.google.effects().len(), 2, "the fake took it twice, which is what was to be found");
    let last = world.audit().await.pop().unwrap();
    assert!(last.entry.summary.contains("more than once"), "{}", last.entry.summary);
}

#[tokio::test]
async fn an_event_that_was_made_and_deleted_is_not_made_again() {
    let world = World::kept_in(STORE).await;
    let approved = world.approved(world.create()).await;
    let id = created_event_id(&approved.id);
    world.google.fault(Fault::once("events.insert", FaultKind::DropAfter));
    world.google.fault(Fault::once("events.get", unavailable()));
    let unknown = execute(&world, &approved, RetryPolicy::NEVER).await;
    assert_eq!(unknown.state, ApprovalState::Unknown);
    world.google.delete_event(ADA, id.as_str());

    let ended = world.until_ended(&approved).await;

    assert_eq!(ended.state, ApprovalState::Failed);
    assert_eq!(
        failure(&ended),
        ("deleted", "the event was deleted again at Google: it is not made a second time")
    );
    assert_eq!(world.google.requests("events.insert"), 1);
}

#[tokio::test]
async fn an_id_that_a_deleted_event_holds_ends_in_failure_and_not_in_a_loop() {
    let world = World::kept_in(STORE).await;
    let approved = world.approved(world.create()).await;
    let id = created_event_id(&approved.id);
    let taken = json!({
        "id": id.as_str(), "summary": "Taken",
        "start": { "dateTime": "2025-04-01T12:00:00+02:00" }, "end": { "dateTime": "2025-04-01T13:00:00+02:00" },
    });
    world.google.create_event(ADA, taken);
    world.google.delete_event(ADA, id.as_str());

    let failed = execute(&world, &approved, RetryPolicy::default()).await;
    let again = world.process().execute(&approved.user, &approved.id).await;
    world.pass(Duration::from_secs(3600)).await;
    let run = world.process().reconcile_due(10).await.unwrap();

    assert_eq!((failed.state, failure(&failed).0), (ApprovalState::Failed, "deleted"));
    assert_eq!(again.unwrap_err().kind(), ErrorKind::WrongState);
    assert!(run.changed.is_empty() && run.failed.is_empty());
    assert_eq!(world.google.requests("events.insert"), 1);
    assert!(world.google.effects().is_empty());
}

#[tokio::test]
async fn an_event_edited_before_the_execution_goes_stale_and_the_edit_stays() {
    let world = World::kept_in(STORE).await;
    let meeting = world.meeting().await;
    let approved = world.approved(world.update(&meeting, json!({ "location": "Room 2" }))).await;
    world.google.patch_event(ADA, &meeting, json!({ "summary": "Retrospective", "location": "Room 3" }));

    let stale = execute(&world, &approved, RetryPolicy::default()).await;

    assert_eq!(stale.state, ApprovalState::Stale);
    let expected = Drift {
        theirs: vec!["location".into(), "summary".into()],
        collisions: vec!["location".into()],
        is_gone: false,
    };
    assert_eq!((drift(&stale), drift(&stale).can_merge()), (&expected, false));
    assert_eq!(world.google.event(ADA, &meeting).unwrap()["location"], "Room 3");
    assert_eq!(world.google.requests("events.patch"), 0);
    let mirrored = world.store.event(&world.key(&meeting)).await.unwrap();
    assert_eq!(mirrored.event.location.as_deref(), Some("Room 3"), "the mirror learned of the edit");
    let again = world.process().execute(&approved.user, &approved.id).await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::Stale);
}

#[tokio::test]
async fn an_edit_between_reading_and_writing_is_refused_by_its_version_and_stays() {
    for operation in ["update", "delete", "respond"] {
        let world = Arc::new(World::kept_in(STORE).await);
        let meeting = world.meeting().await;
        let (request, method) = match operation {
            "update" => (world.update(&meeting, json!({ "location": "Room 2" })), http::Method::PATCH),
            "delete" => (world.delete(&meeting), http::Method::DELETE),
            _ => (world.respond(&meeting, ResponseStatus::Declined), http::Method::PATCH),
        };
        let approved = world.approved(request).await;
        let (process, http) = world.process_of(Fate::lives(), RetryPolicy::default());
        let (google, id) = (world.clone(), meeting.clone());
        http.at(Moment::before(method, move || {
            google.google.patch_event(ADA, &id, json!({ "summary": "Retrospective" }));
        }));

        let stale = process.execute(&approved.user, &approved.id).await.unwrap();

        assert_eq!(stale.state, ApprovalState::Stale, "{operation}: {:?}", stale.outcome);
        assert_eq!(drift(&stale).theirs, ["summary"], "{operation}");
        assert!(drift(&stale).can_merge(), "{operation}");
        assert!(world.google.effects().is_empty() && world.google.mail().is_empty(), "{operation}");
        let there = world.google.event(ADA, &meeting).unwrap();
        assert_eq!(
            (&there["summary"], &there["location"]),
            (&json!("Retrospective"), &json!("Room 1")),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_clean_merge_is_offered_and_keeps_both_sides_once_the_person_says_yes_again() {
    let world = World::kept_in(STORE).await;
    let meeting = world.meeting().await;
    let approved = world.approved(world.update(&meeting, json!({ "location": "Room 2" }))).await;
    world.google.patch_event(ADA, &meeting, json!({ "summary": "Retrospective" }));
    let stale = execute(&world, &approved, RetryPolicy::default()).await;
    assert!(drift(&stale).can_merge());
    let process = world.process();

    let merged = process.request_again(&world.theo(), &stale.id).await.unwrap();
    assert_eq!((merged.state, merged.supersedes.as_ref()), (ApprovalState::Pending, Some(&stale.id)));
    let yes = Decision::Approve { notes: None };
    process.decide(&world.ada(), &merged.id, yes).await.unwrap();
    let executed = process.execute(&merged.user, &merged.id).await.unwrap();

    assert_eq!(executed.state, ApprovalState::Executed);
    let there = world.google.event(ADA, &meeting).unwrap();
    assert_eq!((&there["summary"], &there["location"]), (&json!("Retrospective"), &json!("Room 2")));
}

#[tokio::test]
async fn what_drifts_without_being_shown_does_not_stop_the_change() {
    let world = World::kept_in(STORE).await;
    let meeting = world.meeting().await;
    let approved = world.approved(world.update(&meeting, json!({ "location": "Room 2" }))).await;
    world.google.patch_event(ADA, &meeting, json!({ "reminders": { "useDefault": false }, "colorId": "3" }));

    let executed = execute(&world, &approved, RetryPolicy::default()).await;

    assert_eq!(executed.state, ApprovalState::Executed);
    let there = world.google.event(ADA, &meeting).unwrap();
    assert_eq!((&there["location"], &there["colorId"]), (&json!("Room 2"), &json!("3")));
}

#[tokio::test]
async fn a_definite_refusal_fails_with_googles_reason_and_a_busy_google_is_asked_again_later() {
    let refusals = [
        (403, "forbiddenForNonOrganizer", "forbidden"),
        (400, "invalid", "invalid_request"),
        (401, "authError", "unauthorized"),
    ];
    for (status, reason, kind) in refusals {
        let world = World::kept_in(STORE).await;
        let approved = world.approved(world.create()).await;
        let fault = FaultKind::Status { status, reason: reason.into(), retry_after: None };
        world.google.fault(Fault::always("events.insert", fault));

        let failed = execute(&world, &approved, RetryPolicy::default()).await;

        assert_eq!((failed.state, failure(&failed).0), (ApprovalState::Failed, kind), "{reason}");
        assert!(world.google.effects().is_empty());
    }
    for (status, reason) in
        [(429, "rateLimitExceeded"), (403, "userRateLimitExceeded"), (403, "quotaExceeded")]
    {
        let world = World::kept_in(STORE).await;
        let approved = world.approved(world.create()).await;
        let fault = FaultKind::Status { status, reason: reason.into(), retry_after: None };
        world.google.fault(Fault::once("events.insert", fault));

        let unknown = execute(&world, &approved, RetryPolicy::NEVER).await;
        assert_eq!(unknown.state, ApprovalState::Unknown, "{reason}");
        let ended = world.until_ended(&approved).await;

        assert_eq!(ended.state, ApprovalState::Executed, "{reason}");
        assert_eq!(world.google.effects().len(), 1, "{reason}");
    }
}

#[tokio::test]
async fn a_google_that_never_takes_the_call_is_given_up_after_a_bounded_number_of_calls() {
    for fault in [unavailable(), FaultKind::DropBefore] {
        let world = World::kept_in(STORE).await;
        let approved = world.approved(world.create()).await;
        world.google.fault(Fault::always("events.insert", fault));

        execute(&world, &approved, RetryPolicy::NEVER).await;
        let mut ended = world.stored(&approved).await;
        for _ in 0..60 {
            world.pass(Duration::from_secs(60)).await;
            let (process, _) = world.process_of(Fate::lives(), RetryPolicy::NEVER);
            process.reconcile_due(10).await.unwrap();
            ended = world.stored(&approved).await;
        }

        assert_eq!(ended.state, ApprovalState::Failed);
        assert!(failure(&ended).1.starts_with("nothing was changed: "), "{}", failure(&ended).1);
        assert_eq!(world.google.requests("events.insert"), u64::from(MAX_ATTEMPTS));
    }
}

#[tokio::test]
async fn a_doubt_that_outlives_the_approval_is_never_sent_again() {
    let world = World::kept_in(STORE).await;
    let approved = world.approved(world.create().expires_in(Duration::from_secs(60))).await;
    world.google.fault(Fault::once("events.insert", FaultKind::DropBefore));
    let unknown = execute(&world, &approved, RetryPolicy::NEVER).await;
    assert_eq!(unknown.state, ApprovalState::Unknown);

    let ended = world.until_ended(&approved).await;

    assert_eq!((ended.state, failure(&ended).0), (ApprovalState::Failed, "expired"));
    assert_eq!(world.google.requests("events.insert"), 1);
}

#[tokio::test]
async fn a_change_to_an_event_whose_last_change_is_in_doubt_waits_for_it() {
    let world = World::kept_in(STORE).await;
    let meeting = world.meeting().await;
    let first = world.approved(world.update(&meeting, json!({ "location": "Room 2" }))).await;
    world.google.fault(Fault::once("events.patch", FaultKind::DropAfter));
    world.google.fault(Fault::once("events.get", unavailable()).after(1));
    assert_eq!(execute(&world, &first, RetryPolicy::NEVER).await.state, ApprovalState::Unknown);
    world.mirror("owner").await;
    let second = world.approved(world.update(&meeting, json!({ "summary": "Retrospective" }))).await;

    let busy = world.process().execute(&second.user, &second.id).await;
    let first = world.until_ended(&first).await;
    let second = world.until_ended(&second).await;

    assert_eq!(busy.unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!((first.state, second.state), (ApprovalState::Executed, ApprovalState::Executed));
    assert_eq!(world.google.effects().len(), 2);
}

#[tokio::test]
async fn a_delete_of_what_is_gone_already_is_done() {
    let world = World::kept_in(STORE).await;
    let meeting = world.meeting().await;
    let approved = world.approved(world.delete(&meeting)).await;
    world.google.delete_event(ADA, &meeting);

    let executed = execute(&world, &approved, RetryPolicy::default()).await;

    assert_eq!(executed.state, ApprovalState::Executed);
    assert!(world.google.effects().is_empty(), "nothing was left to do");
    assert_eq!(world.store.event(&world.key(&meeting)).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn changing_guests_and_answering_reset_nobodys_answer_at_google() {
    let world = World::kept_in(STORE).await;
    let meeting = world.meeting().await;
    let mut patch: EventPatch = EventPatch::default();
    patch.set.attendees = serde_json::from_value(json!([{ "email": "dan@example.net" }])).unwrap();
    let added = world.approved(world.patch(&meeting, patch, Default::default())).await;
    assert_eq!(execute(&world, &added, RetryPolicy::default()).await.state, ApprovalState::Executed);
    let answered = world.approved(world.respond(&meeting, ResponseStatus::Tentative)).await;

    assert_eq!(execute(&world, &answered, RetryPolicy::default()).await.state, ApprovalState::Executed);

    let there = world.google.event(ADA, &meeting).unwrap();
    let guests = there["attendees"].as_array().unwrap().iter();
    let answers: Vec<(&Value, &Value)> =
        guests.map(|guest| (&guest["email"], &guest["responseStatus"])).collect();
    let expected = [
        (ADA, "tentative"),
        (TEAM[0], "accepted"),
        (TEAM[1], "declined"),
        ("dan@example.net", "needsAction"),
    ];
    assert_eq!(
        answers,
        expected
            .map(|(guest, answer)| (json!(guest), json!(answer)))
            .iter()
            .map(|(g, a)| (g, a))
            .collect::<Vec<_>>()
    );
    assert_eq!(there["attendees"][1]["comment"], "gladly");
}

/// Five mornings in Zurich, from 7 April.
fn standup() -> Value {
    json!({
        "summary": "Standup", "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"],
        "start": { "dateTime": "2025-04-07T09:00:00+02:00", "timeZone": "Europe/Zurich" },
        "end": { "dateTime": "2025-04-07T09:15:00+02:00", "timeZone": "Europe/Zurich" },
    })
}

#[tokio::test]
async fn one_occurrence_is_changed_by_its_own_id_and_the_whole_series_by_any() {
    let world = World::kept_in(STORE).await;
    let series = world.event(standup()).await;
    let occurrence = format!("{series}_20250409T070000Z");
    let one = EventPatch::new(serde_json::from_value(json!({ "summary": "Long standup" })).unwrap());
    let all = EventPatch::new(serde_json::from_value(json!({ "location": "Room 1" })).unwrap());
    use theo_calendar::approval::RecurrenceScope::{All, This};

    let changed = world.approved(world.patch(&occurrence, one.clone(), This)).await;
    assert_eq!(execute(&world, &changed, RetryPolicy::default()).await.state, ApprovalState::Executed);
    let moved = world.approved(world.patch(&occurrence, all, All)).await;
    assert_eq!(execute(&world, &moved, RetryPolicy::default()).await.state, ApprovalState::Executed);
    let this_of_a_series = world.process().request(&world.theo(), world.patch(&series, one, This)).await;

    assert_eq!(world.google.event(ADA, &occurrence).unwrap()["summary"], "Long standup");
    let master = world.google.event(ADA, &series).unwrap();
    assert_eq!((&master["summary"], &master["location"]), (&json!("Standup"), &json!("Room 1")));
    assert_eq!(this_of_a_series.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn an_occurrence_that_was_deleted_stays_out_of_the_mirrored_series() {
    let world = World::kept_in(STORE).await;
    let series = world.event(standup()).await;
    let occurrence = world.key(&format!("{series}_20250409T070000Z"));
    use theo_calendar::approval::{Action, RecurrenceScope};
    let action = Action::Delete { event: occurrence.clone(), scope: RecurrenceScope::This };

    let approved = world.approved(ActionRequest::new(action).send_updates(SendUpdates::None)).await;
    assert_eq!(execute(&world, &approved, RetryPolicy::default()).await.state, ApprovalState::Executed);

    let mirrored = world.store.event(&occurrence).await.unwrap().event;
    assert!(mirrored.is_cancelled() && mirrored.recurring_event_id.as_ref().unwrap().as_str() == series);
    assert_eq!(world.google.event(ADA, &series).unwrap()["status"], "confirmed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_workers_that_race_on_many_approvals_make_one_event_for_each() {
    const WORKERS: usize = 16;
    let count = STORE.size(1000, 200);
    let world = Arc::new(World::kept_in(STORE).await);
    let mut approvals = Vec::new();
    for _ in 0..count {
        approvals.push(world.approved(world.create().send_updates(SendUpdates::None)).await);
    }
    let approvals = Arc::new(approvals);
    let started = Instant::now();

    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (approvals, process) = (approvals.clone(), world.process());
            tokio::spawn(async move {
                let mut answers = BTreeMap::<String, usize>::new();
                for approval in approvals.iter() {
                    let answer = match process.execute(&approval.user, &approval.id).await {
                        Ok(ended) => ended.state.to_string(),
                        Err(error) => error.kind().code().to_owned(),
                    };
                    *answers.entry(answer).or_default() += 1;
                }
                answers
            })
        })
        .collect();
    let mut answers = BTreeMap::<String, usize>::new();
    for worker in workers {
        for (answer, count) in worker.await.unwrap() {
            *answers.entry(answer).or_default() += count;
        }
    }

    println!("{WORKERS} workers, {count} approvals, {:?}: {answers:?}", started.elapsed());
    assert_eq!(world.google.effects().len(), count);
    assert_eq!(world.google.requests("events.insert"), count as u64, "nothing was even sent twice");
    assert_eq!(world.google.snapshot(ADA).len(), count);
    let mut rows = BTreeMap::<String, usize>::new();
    for record in world.audit().await {
        *rows.entry(record.entry.action).or_default() += 1;
    }
    let steps = ["approved", "executed", "executing", "requested"];
    assert_eq!(rows, steps.map(|step| (format!("approval.{step}"), count)).into_iter().collect());
    for approval in approvals.iter() {
        assert_eq!(world.stored(approval).await.state, ApprovalState::Executed);
    }
}
