//! FAULTS 1: the process dies at any point of an execution, and what the person approved happens once.

use std::{collections::BTreeSet, time::Duration};

use flows::{ADA, Fate, World};
use serde_json::json;
use theo_calendar::{
    approval::{ActionRequest, Approval, ApprovalState, created_event_id},
    client::RetryPolicy,
    id::EventId,
    model::ResponseStatus,
};

use super::STORE;

/// What is done, and how many emails Google sends for it.
const ACTIONS: [(&str, usize); 4] = [("create", 2), ("update", 2), ("delete", 2), ("respond", 1)];

async fn world(action: &str) -> (World, ActionRequest) {
    let world = World::kept_in(STORE).await;
    let request = match action {
        "create" => world.create(),
        "update" => {
            let meeting = world.meeting().await;
            world.update(&meeting, json!({ "location": "Room 2" }))
        }
        "delete" => {
            let meeting = world.meeting().await;
            world.delete(&meeting)
        }
        _ => {
            let guests = json!([
                { "email": ADA, "self": true, "responseStatus": "needsAction" },
                { "email": "bob@example.com", "organizer": true, "responseStatus": "accepted" },
            ]);
            let invitation = json!({
                "summary": "Bob's party", "organizer": { "email": "bob@example.com" }, "attendees": guests,
                "start": { "dateTime": "2025-04-02T18:00:00+02:00" }, "end": { "dateTime": "2025-04-02T20:00:00+02:00" },
            });
            let invitation = world.event(invitation).await;
            world.respond(&invitation, ResponseStatus::Accepted)
        }
    };
    (world, request)
}

/// One effect at Google, one round of mail, an audit row for each step, and a mirror that shows what Google shows.
async fn assert_done_once(world: &World, ended: &Approval, mails: usize, where_: &str) {
    assert_eq!(ended.state, ApprovalState::Executed, "{where_}: {:?}", ended.outcome);
    assert_eq!(world.google.effects().len(), 1, "{where_}: {:?}", world.google.effects());
    assert_eq!(world.google.mail().len(), mails, "{where_}: {:?}", world.google.mail());
    let rows = world.audit_of(ended).await;
    assert_eq!(rows.len(), ended.version.0 as usize, "{where_}: {rows:?}");
    let event = ended.execution.as_ref().unwrap().event.clone();
    let mirrored = world.store.event(&world.key(event.as_str())).await.ok();
    let live = world.google.event(ADA, event.as_str()).filter(|event| event["status"] != "cancelled");
    assert_eq!(
        mirrored.and_then(|row| row.event.etag.clone()).map(|etag| etag.to_string()),
        live.map(|event| event["etag"].as_str().unwrap().to_owned()),
        "{where_}: the mirror is not what Google has"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_execution_that_dies_at_any_point_is_done_once_after_a_restart() {
    let mut all = 0;
    for (action, mails) in ACTIONS {
        let mut points = Vec::new();
        for number in 0.. {
            let (world, request) = world(action).await;
            let approved = world.approved(request).await;
            let fate = Fate::dies_at(number);
            let (process, http) = world.process_of(fate.clone(), RetryPolicy::NEVER);

            let lived = fate.run(process.execute(&approved.user, &approved.id)).await;
            if let Some(result) = lived {
                assert_done_once(&world, &result.unwrap(), mails, "alive").await;
                break;
            }
            // What was under way when the process died arrives before the restart.
            http.deliver_late().await;
            let ended = world.until_ended(&approved).await;

            assert_done_once(&world, &ended, mails, &format!("{action}, dead {}", fate.died_at())).await;
            points.push(fate.died_at());
        }
        assert!(points.len() > 12, "{points:?}");
        println!("{action}: killed at each of {} points: {points:#?}", points.len());
        all += points.len();
    }
    println!("an execution was killed at {all} points in all, and each time done once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_arrives_after_its_successor_finished_the_work_changes_nothing() {
    let mut statuses = BTreeSet::new();
    for (action, mails) in ACTIONS {
        for number in 0.. {
            let (world, request) = world(action).await;
            let approved = world.approved(request).await;
            let fate = Fate::dies_at(number);
            let (process, http) = world.process_of(fate.clone(), RetryPolicy::NEVER);
            if fate.run(process.execute(&approved.user, &approved.id)).await.is_some() {
                break;
            }

            let ended = world.until_ended(&approved).await;
            let late = http.deliver_late().await;

            assert_done_once(&world, &ended, mails, &format!("{action}, dead {}, late", fate.died_at()))
                .await;
            statuses.extend(late);
        }
    }
    println!("late requests were answered {statuses:?}");
    assert!(statuses.contains(&409) && statuses.contains(&412), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reconciliation_that_dies_at_any_point_is_taken_up_by_the_next() {
    let mut points = 0;
    for (action, mails) in ACTIONS {
        let write_is_under_way = {
            let (world, request) = world(action).await;
            let approved = world.approved(request).await;
            let fate = Fate::lives();
            let (process, _) = world.process_of(fate.clone(), RetryPolicy::NEVER);
            process.execute(&approved.user, &approved.id).await.unwrap();
            let is_write = |point: &String| point.starts_with("during ") && !point.contains("GET");
            fate.reached().iter().position(is_write).unwrap()
        };
        for applied in [false, true] {
            for number in 0.. {
                let (world, request) = world(action).await;
                let approved = world.approved(request).await;
                let first = Fate::dies_at(write_is_under_way);
                let (process, http) = world.process_of(first.clone(), RetryPolicy::NEVER);
                first.run(process.execute(&approved.user, &approved.id)).await;
                if applied {
                    http.deliver_late().await;
                }
                world.pass(Duration::from_secs(600)).await;

                let second = Fate::dies_at(number);
                let (process, late) = world.process_of(second.clone(), RetryPolicy::NEVER);
                let lived = second.run(process.reconcile_due(10)).await.is_some();
                late.deliver_late().await;
                let ended = world.until_ended(&approved).await;

                let where_ = format!("{action}, applied: {applied}, second dead {}", second.died_at());
                assert_done_once(&world, &ended, mails, &where_).await;
                if lived {
                    break;
                }
                points += 1;
            }
        }
    }
    println!("a reconciliation was killed at {points} points, and each time the next one ended it");
    assert!(points > 80);
}

#[tokio::test]
async fn the_same_approval_always_makes_the_same_event() {
    let world = World::kept_in(STORE).await;
    let approved = world.approved(world.create()).await;

    let executed = world.process().execute(&approved.user, &approved.id).await.unwrap();

    let made: EventId = created_event_id(&approved.id);
    assert_eq!(executed.execution.unwrap().event, made);
    assert!(world.google.event(ADA, made.as_str()).is_some());
}
