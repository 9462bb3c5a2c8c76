//! A change to a part of a series takes several calls: what breaks between them, and what Google refuses of them.

use fake_google::{Fault, FaultKind};
use flows::{ADA, Fate, Moment, Standup, World};
use serde_json::json;
use theo_calendar::{
    approval::{ApprovalState, Outcome, RecurrenceScope::ThisAndFollowing, created_event_id},
    client::RetryPolicy,
};

use super::{
    STORE,
    series::{done, refused, set, times},
};

#[tokio::test]
async fn a_series_that_changes_between_reading_and_ending_it_goes_stale_and_nothing_is_made() {
    let world = std::sync::Arc::new(World::kept_in(STORE).await);
    let standup = Standup::of(&world).await;
    let approved = world
        .approved(world.patch(&standup.on(9), set(json!({ "summary": "Sync" })), ThisAndFollowing))
        .await;
    let (process, http) = world.process_of(Fate::lives(), RetryPolicy::default());
    let (there, id) = (world.clone(), standup.id.clone());
    http.at(Moment::before(http::Method::PATCH, move || {
        there.google.patch_event(ADA, &id, json!({ "location": "Room 3" }));
    }));

    let stale = process.execute(&approved.user, &approved.id).await.unwrap();

    assert_eq!(stale.state, ApprovalState::Stale, "{:?}", stale.outcome);
    assert!(world.google.effects().is_empty() && world.google.mail().is_empty());
    assert_eq!(world.agenda_at_google().len(), 9);
}

#[tokio::test]
async fn an_answer_lost_in_any_step_is_found_and_no_step_is_taken_twice() {
    let steps = [("events.patch", 0), ("events.insert", 0), ("events.patch", 1), ("events.patch", 2)];
    for (operation, after) in steps {
        for fault in [FaultKind::DropAfter, FaultKind::DropBefore, FaultKind::TruncateBody] {
            for retry in [RetryPolicy::NEVER, RetryPolicy::default()] {
                let world = World::kept_in(STORE).await;
                let standup = Standup::of(&world).await;
                let request = world.patch(&standup.on(9), set(times(9, "10:00", "10:15")), ThisAndFollowing);
                let approved = world.approved(request).await;
                world.google.fault(Fault::once(operation, fault.clone()).after(after));

                let (process, _) = world.process_of(Fate::lives(), retry);
                process.execute(&approved.user, &approved.id).await.unwrap();
                let ended = world.until_ended(&approved).await;

                let where_ = format!("{operation} {after} {fault:?}: {:?}", ended.outcome);
                assert_eq!(ended.state, ApprovalState::Executed, "{where_}");
                assert_eq!(world.google.effects().len(), 4, "{where_}: {:?}", world.google.effects());
                // Two guests hear of the end, of the new series, and of each occurrence that is taken over.
                assert_eq!(world.google.mail().len(), 8, "{where_}: {:?}", world.google.mail());
                assert_eq!(world.agenda_at_google().len(), 9, "{where_}");
                assert_eq!(world.agenda_mirrored().await, world.agenda_at_google(), "{where_}");
            }
        }
    }
}

#[tokio::test]
async fn a_new_series_that_google_took_twice_is_found_and_reported() {
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let approved = world
        .approved(world.patch(&standup.on(15), set(json!({ "summary": "Sync" })), ThisAndFollowing))
        .await;
    world.google.fault(Fault::once("events.insert", FaultKind::DropAfter));
    world.google.fault(Fault::once("events.insert", FaultKind::AcceptDuplicate).after(1));

    let executed = world.process().execute(&approved.user, &approved.id).await.unwrap();

    let id = created_event_id(&approved.id);
    assert_eq!(executed.outcome, Some(Outcome::Done { event: id.clone(), duplicates: vec![id] }));
}

#[tokio::test]
async fn a_series_with_more_exceptions_than_can_be_taken_over_is_not_split() {
    let world = World::kept_in(STORE).await;
    let (day, minutes) =
        (chrono::NaiveDate::from_ymd_opt(2025, 4, 7).unwrap(), |m| format!("2025-04-07T09:{m}:00+02:00"));
    let series = world
        .event(json!({
            "summary": "Standup", "recurrence": ["RRULE:FREQ=DAILY"],
            "start": { "dateTime": minutes("00"), "timeZone": "Europe/Zurich" },
            "end": { "dateTime": minutes("15"), "timeZone": "Europe/Zurich" },
        }))
        .await;
    let occurrence =
        |number| format!("{series}_{}T070000Z", (day + chrono::TimeDelta::days(number)).format("%Y%m%d"));
    let room = || set(json!({ "location": "Room 2" }));
    for number in 2..=102 {
        world.google.patch_event(ADA, &occurrence(number), json!({ "summary": "Demo" }));
    }
    let approved = world.approved(world.patch(&occurrence(1), room(), ThisAndFollowing)).await;
    let unaware = world.process().execute(&approved.user, &approved.id).await.unwrap_err();
    world.mirror("owner").await;
    let (kind, message) = refused(&world, world.patch(&occurrence(1), room(), ThisAndFollowing)).await;
    assert_eq!((kind, message.clone()), (unaware.kind(), unaware.to_string()));
    assert!(message.contains("101 of its occurrences after that were changed by themselves"), "{message}");
    assert!(world.google.effects().is_empty());

    let ended = done(&world, world.patch(&occurrence(3), room(), ThisAndFollowing)).await;
    assert_eq!(ended.execution.unwrap().done, 101, "a hundred can be, after the two series");
    assert_eq!(world.google.effects().len(), 102);
}

#[tokio::test]
async fn what_is_half_done_is_brought_to_its_end_though_it_expired_or_the_outcome_says_how_far_it_came() {
    let refusal = |status| FaultKind::Status { status, reason: "backendError".into(), retry_after: None };
    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let request = || {
        let hour = std::time::Duration::from_secs(60 * 60);
        world.patch(&standup.on(9), set(json!({ "location": "Room 2" })), ThisAndFollowing).expires_in(hour)
    };
    let approved = world.approved(request()).await;
    world.google.fault(Fault::times("events.insert", 6, refusal(503)));
    let (process, _) = world.process_of(Fate::lives(), RetryPolicy::NEVER);
    let unknown = process.execute(&approved.user, &approved.id).await.unwrap();
    assert_eq!(unknown.state, ApprovalState::Unknown);
    assert_eq!(unknown.execution.as_ref().unwrap().done, 1);
    for _ in 0..30 {
        world.pass(std::time::Duration::from_secs(10 * 60)).await;
        let (process, _) = world.process_of(Fate::lives(), RetryPolicy::NEVER);
        process.reconcile_due(10).await.unwrap();
    }
    let ended = world.stored(&approved).await;
    assert_eq!(ended.state, ApprovalState::Executed, "{:?}", ended.outcome);
    assert!(ended.updated_at > ended.expires_at, "it took longer than the approval lasted");
    assert_eq!(world.agenda_at_google().len(), 9);

    let world = World::kept_in(STORE).await;
    let standup = Standup::of(&world).await;
    let approved = world
        .approved(world.patch(&standup.on(9), set(json!({ "location": "Room 2" })), ThisAndFollowing))
        .await;
    let forbidden = FaultKind::Status { status: 403, reason: "forbidden".into(), retry_after: None };
    world.google.fault(Fault::always("events.insert", forbidden));
    let failed = world.process().execute(&approved.user, &approved.id).await.unwrap();
    assert_eq!(failed.state, ApprovalState::Failed);
    let Some(Outcome::PartlyDone { event, kind, message }) = &failed.outcome else {
        panic!("{:?}", failed.outcome)
    };
    assert_eq!((event.as_str(), kind.as_str()), (standup.id.as_str(), "forbidden"));
    let said = "the old series was ended before the occurrence, and the new one could not be made: ";
    assert!(message.starts_with(said), "{message}");
    let last = world.audit().await.pop().unwrap();
    assert!(last.entry.summary.contains(said), "{}", last.entry.summary);
    assert_eq!(world.agenda_mirrored().await, world.agenda_at_google());
}
