//! Processes die at any point of a change to a part of a series, and race on it: each of its steps takes effect once.

use std::{sync::Arc, time::Duration};

use flows::{Fate, Standup, Stores, TEAM, World};
use serde_json::json;
use theo_calendar::{
    approval::{ActionRequest, Approval, ApprovalState, RecurrenceScope::ThisAndFollowing},
    client::RetryPolicy,
    model::{EventPatch, ResponseStatus},
};

use super::STORE;

/// What is done, how many writes it takes, and how many emails Google sends for them.
const ACTIONS: [(&str, usize, usize); 3] = [("update", 4, 8), ("delete", 1, 2), ("respond", 2, 2)];

async fn world(action: &str) -> (World, ActionRequest) {
    let world = World::kept_in(STORE).await;
    let request = match action {
        "update" => {
            let standup = Standup::of(&world).await;
            let time = |clock| json!({ "dateTime": clock, "timeZone": "Europe/Zurich" });
            let set = json!({
                "location": "Room 2", "start": time("2025-04-09T10:00:00"), "end": time("2025-04-09T10:15:00"),
            });
            let patch = EventPatch::new(serde_json::from_value(set).unwrap());
            world.patch(&standup.on(9), patch, ThisAndFollowing)
        }
        "delete" => world.remove(&Standup::of(&world).await.on(9), ThisAndFollowing),
        _ => {
            let standup = Standup::by(&world, json!({ "email": TEAM[0] })).await;
            world.answer(&standup.on(15), ResponseStatus::Declined, ThisAndFollowing)
        }
    };
    (world, request)
}

async fn assert_done_once(world: &World, ended: &Approval, action: (&str, usize, usize), where_: &str) {
    let (name, effects, mails) = action;
    assert_eq!(ended.state, ApprovalState::Executed, "{where_}: {:?}", ended.outcome);
    assert_eq!(world.google.effects().len(), effects, "{where_}: {:?}", world.google.effects());
    assert_eq!(world.google.mail().len(), mails, "{where_}: {:?}", world.google.mail());
    let rows = world.audit_of(ended).await;
    assert_eq!(rows.len(), ended.version.0 as usize, "{where_}: {rows:?}");
    let expected = if name == "delete" { 2 } else { 9 };
    assert_eq!(world.agenda_at_google().len(), expected, "{where_}");
    assert_eq!(world.agenda_mirrored().await, world.agenda_at_google(), "{where_}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_several_steps_that_dies_at_any_point_is_done_once_after_a_restart() {
    // On PostgreSQL each world is a database, and what arrives late does so at Google alone.
    let arrivals: &[bool] = match STORE {
        Stores::Memory => &[false, true],
        Stores::Postgres => &[false],
    };
    for arrives_late in arrivals.iter().copied() {
        let mut all = 0;
        for action in ACTIONS {
            let mut points = Vec::new();
            for number in 0.. {
                let (world, request) = world(action.0).await;
                let approved = world.approved(request).await;
                let fate = Fate::dies_at(number);
                let (process, http) = world.process_of(fate.clone(), RetryPolicy::NEVER);

                let lived = fate.run(process.execute(&approved.user, &approved.id)).await;
                if let Some(result) = lived {
                    assert_done_once(&world, &result.unwrap(), action, "alive").await;
                    break;
                }
                // What was under way arrives before the restart, or after everything was done without it.
                if !arrives_late {
                    http.deliver_late().await;
                }
                let ended = world.until_ended(&approved).await;
                http.deliver_late().await;

                let where_ = format!("{}, dead {}, late: {arrives_late}", action.0, fate.died_at());
                assert_done_once(&world, &ended, action, &where_).await;
                points.push(fate.died_at());
            }
            assert!(points.len() > 12, "{points:?}");
            println!("{}: killed at each of {} points: {points:#?}", action.0, points.len());
            all += points.len();
        }
        println!("killed at {all} points in all, late: {arrives_late}, and each time done once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reconciliation_of_several_steps_that_dies_at_any_point_is_taken_up_by_the_next() {
    let action = ACTIONS[0];
    let writes: Vec<usize> = {
        let (world, request) = world(action.0).await;
        let approved = world.approved(request).await;
        let fate = Fate::lives();
        let (process, _) = world.process_of(fate.clone(), RetryPolicy::NEVER);
        process.execute(&approved.user, &approved.id).await.unwrap();
        let is_write = |point: &String| point.starts_with("during ") && !point.contains("GET");
        let reached = fate.reached().into_iter().enumerate();
        reached.filter(|(_, point)| is_write(point)).map(|(number, _)| number).collect()
    };
    assert_eq!(writes.len(), action.1);
    // On PostgreSQL each world is a database: there the new series alone, and there only what was applied.
    let (writes, applied): (&[usize], &[bool]) = match STORE {
        Stores::Memory => (&writes, &[false, true]),
        Stores::Postgres => (&writes[1..2], &[true]),
    };
    let mut points = 0;
    for write in writes {
        for applied in applied {
            for number in 0.. {
                let (world, request) = world(action.0).await;
                let approved = world.approved(request).await;
                let first = Fate::dies_at(*write);
                let (process, http) = world.process_of(first.clone(), RetryPolicy::NEVER);
                first.run(process.execute(&approved.user, &approved.id)).await;
                if *applied {
                    http.deliver_late().await;
                }
                world.pass(Duration::from_secs(600)).await;

                let second = Fate::dies_at(number);
                let (process, late) = world.process_of(second.clone(), RetryPolicy::NEVER);
                let lived = second.run(process.reconcile_due(10)).await.is_some();
                late.deliver_late().await;
                let ended = world.until_ended(&approved).await;
                http.deliver_late().await;

                let where_ =
                    format!("{}, applied: {applied}, second dead {}", first.died_at(), second.died_at());
                assert_done_once(&world, &ended, action, &where_).await;
                if lived {
                    break;
                }
                points += 1;
            }
        }
    }
    println!("a reconciliation was killed at {points} points, and each time the next one ended it");
    assert!(points > 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_that_race_on_a_change_of_several_steps_take_each_step_once() {
    for action in ACTIONS {
        for _ in 0..STORE.size(10, 2) {
            let (world, request) = world(action.0).await;
            let world = Arc::new(world);
            let approved = Arc::new(world.approved(request).await);
            let workers: Vec<_> = (0..8)
                .map(|number| {
                    let (world, approved) = (world.clone(), approved.clone());
                    tokio::spawn(async move {
                        let process = world.process();
                        let _ = process.execute(&approved.user, &approved.id).await;
                        if number % 2 == 0 {
                            process.reconcile_due(10).await.unwrap();
                        }
                    })
                })
                .collect();
            for worker in workers {
                worker.await.unwrap();
            }

            let ended = world.until_ended(&approved).await;

            assert_done_once(&world, &ended, action, action.0).await;
        }
    }
}
