//! Who may ask, decide and execute, and what a person is shown before they do.
#![allow(clippy::unwrap_used)]

use std::{sync::Arc, time::Duration};

use flows::{ADA, TEAM, World};
use serde_json::{Value, json};
use theo_calendar::{
    ErrorKind,
    approval::{
        Action, ActionRequest, Approval, ApprovalState, ApprovalVersion, DEFAULT_LIFETIME, Decision, Emails,
        FieldChange, Principal,
    },
    audit::{Actor, AuditEntry},
    id::AccountKey,
    model::{EventDraft, EventPatch, ResponseStatus, SendUpdates},
    storage::Transition,
    time::Clock,
};

const YES: Decision = Decision::Approve { notes: None };

fn draft(json: Value) -> Box<EventDraft> {
    Box::new(serde_json::from_value(json).unwrap())
}

async fn asked(world: &World) -> Approval {
    world.process().request(&world.theo(), world.create()).await.unwrap()
}

/// Writes `altered` over the stored approval, as somebody with the database in their hands could.
async fn tamper(world: &World, stored: &Approval, altered: Approval) {
    let next = Arc::new(Approval { version: ApprovalVersion(stored.version.0 + 1), ..altered });
    let audit = AuditEntry {
        user: stored.user.clone(),
        actor: Actor::Service,
        action: "tampered".into(),
        approval: Some(stored.id.clone()),
        summary: String::new(),
        at: world.clock.now(),
    };
    let step = Transition { expected: stored.version, next, audit, mirror: Vec::new() };
    world.store.transition(&step).await.unwrap();
}

#[tokio::test]
async fn an_agent_cannot_decide_what_it_asked_for_nor_anything_else() {
    let world = World::new().await;
    let asked = asked(&world).await;
    let process = world.process();
    let other = Principal::Agent { user: "ada".into(), name: "other".into() };
    let edit = Decision::EditAndApprove { request: Box::new(world.create()), notes: None };

    for agent in [world.theo(), other] {
        for decision in [YES, Decision::Reject { notes: None }, edit.clone()] {
            let refused = process.decide(&agent, &asked.id, decision).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::NotPermitted, "{agent}");
        }
    }

    assert_eq!(world.stored(&asked).await.state, ApprovalState::Pending);
    assert_eq!(world.audit_of(&asked).await, ["approval.requested"]);
}

#[tokio::test]
async fn another_user_sees_decides_executes_and_asks_for_nothing_of_mine() {
    let world = World::new().await;
    let asked = asked(&world).await;
    let process = world.process();
    let bob = Principal::User("bob".into());

    let decided = process.decide(&bob, &asked.id, YES).await;
    let executed = process.execute(bob.user(), &asked.id).await;
    let requested = process.request(&bob, world.create()).await;

    assert_eq!(decided.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(executed.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(requested.unwrap_err().kind(), ErrorKind::NotPermitted);
    assert!(process.pending(bob.user()).await.unwrap().is_empty());
    assert_eq!(world.google.all_requests(), 0);
}

#[tokio::test]
async fn nothing_is_executed_without_a_yes() {
    let world = World::new().await;
    let (pending, process) = (asked(&world).await, world.process());
    let rejected = asked(&world).await;
    let no = Decision::Reject { notes: Some("not during lent".into()) };
    let rejected = process.decide(&world.ada(), &rejected.id, no).await.unwrap();

    for approval in [&pending, &rejected] {
        let refused = process.execute(&approval.user, &approval.id).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::WrongState, "{}", approval.state);
    }

    assert_eq!(
        (rejected.state, rejected.notes.as_deref()),
        (ApprovalState::Rejected, Some("not during lent"))
    );
    assert_eq!(rejected.decided_by, Some(world.ada()));
    let twice = process.decide(&world.ada(), &rejected.id, YES).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::WrongState);
    assert_eq!(world.google.all_requests(), 0);
}

#[tokio::test]
async fn what_expired_is_neither_decided_nor_executed_and_nobody_has_to_tick_for_that() {
    let world = World::new().await;
    let process = world.process();
    let (undecided, approved) = (asked(&world).await, world.approved(world.create()).await);
    assert_eq!(undecided.expires_at, undecided.requested_at + DEFAULT_LIFETIME);
    world.pass(DEFAULT_LIFETIME).await;

    let decided = process.decide(&world.ada(), &undecided.id, YES).await;
    let executed = process.execute(&approved.user, &approved.id).await;

    assert_eq!(decided.unwrap_err().kind(), ErrorKind::Expired);
    assert_eq!(executed.unwrap_err().kind(), ErrorKind::Expired);
    for approval in [&undecided, &approved] {
        assert_eq!(world.stored(approval).await.state, ApprovalState::Expired);
        assert_eq!(world.audit_of(approval).await.last().unwrap(), "approval.expired");
    }
    assert!(process.pending(&"ada".into()).await.unwrap().is_empty());
    assert_eq!(world.google.all_requests(), 0);
}

#[tokio::test]
async fn the_tick_closes_what_expired_and_leaves_what_did_not() {
    let world = World::new().await;
    let process = world.process();
    let soon =
        process.request(&world.theo(), world.create().expires_in(Duration::from_secs(60))).await.unwrap();
    let later = asked(&world).await;
    world.pass(Duration::from_secs(60)).await;

    let run = process.expire_due(10).await.unwrap();

    assert_eq!(run.changed.iter().map(|approval| &approval.id).collect::<Vec<_>>(), [&soon.id]);
    assert!(run.failed.is_empty() && run.next_run > world.clock.now());
    assert_eq!(process.pending(&"ada".into()).await.unwrap(), [later]);
}

#[tokio::test]
async fn a_request_altered_in_the_store_is_neither_approved_nor_executed() {
    let world = World::new().await;
    let process = world.process();
    let alter = |approval: &Approval| {
        let Action::Create { calendar, draft } = &approval.request.action else { panic!() };
        let mut draft = draft.clone();
        draft.attendees = serde_json::from_value(json!([{ "email": "mallory@example.net" }])).unwrap();
        let action = Action::Create { calendar: calendar.clone(), draft };
        Approval { request: ActionRequest { action, ..approval.request.clone() }, ..approval.clone() }
    };
    let (pending, approved) = (asked(&world).await, world.approved(world.create()).await);
    tamper(&world, &pending, alter(&pending)).await;
    tamper(&world, &approved, alter(&approved)).await;

    let decided = process.decide(&world.ada(), &pending.id, YES).await;
    let executed = process.execute(&approved.user, &approved.id).await;

    assert_eq!(decided.unwrap_err().kind(), ErrorKind::NotPermitted);
    assert_eq!(executed.unwrap_err().kind(), ErrorKind::NotPermitted);
    assert_eq!(world.google.all_requests(), 0);
}

#[tokio::test]
async fn an_edited_version_is_approved_in_place_of_the_first() {
    let world = World::new().await;
    let process = world.process();
    let first = asked(&world).await;
    let mut edited = world.create();
    let Action::Create { draft, .. } = &mut edited.action else { panic!() };
    draft.summary = Some("Long lunch".into());
    let edit = Decision::EditAndApprove { request: Box::new(edited), notes: Some("make it long".into()) };

    let second = process.decide(&world.ada(), &first.id, edit).await.unwrap();
    let executed = process.execute(&second.user, &second.id).await.unwrap();

    let first = world.stored(&first).await;
    assert_eq!((second.state, second.supersedes.as_ref()), (ApprovalState::Approved, Some(&first.id)));
    assert_eq!((second.notes.as_deref(), &second.requested_by), (Some("make it long"), &world.ada()));
    assert_eq!(first.state, ApprovalState::Rejected);
    assert_eq!(first.notes, Some(format!("edited: superseded by approval {}", second.id)));
    assert_eq!(process.execute(&first.user, &first.id).await.unwrap_err().kind(), ErrorKind::WrongState);
    assert_eq!(world.audit_of(&first).await, ["approval.requested", "approval.rejected"]);
    assert_eq!(world.audit_of(&second).await[..2], ["approval.requested", "approval.approved"]);
    let made = world.google.event(ADA, executed.execution.unwrap().event.as_str()).unwrap();
    assert_eq!((made["summary"].as_str(), world.google.effects().len()), (Some("Long lunch"), 1));
}

#[tokio::test]
async fn an_edit_that_cannot_be_done_leaves_the_first_to_be_decided() {
    let world = World::new().await;
    let first = asked(&world).await;
    let nonsense =
        Action::Create { calendar: world.calendar(), draft: draft(json!({ "summary": "No time" })) };
    let edit = Decision::EditAndApprove { request: Box::new(ActionRequest::new(nonsense)), notes: None };

    let refused = world.process().decide(&world.ada(), &first.id, edit).await;

    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(world.process().pending(&"ada".into()).await.unwrap(), [first]);
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_one_clear_sentence_before_anybody_is_asked() {
    let world = World::new().await;
    let meeting = world.meeting().await;
    let lunch = |start: Value, end: Value| Action::Create {
        calendar: world.calendar(),
        draft: draft(json!({ "summary": "Lunch", "start": start, "end": end })),
    };
    let at = |time: &str| json!({ "dateTime": time });
    let nowhere = AccountKey::new("ada", ADA).calendar("nowhere@example.com");
    let patch = |set: Value| Box::new(EventPatch::new(*draft(set)));
    let table = [
        (
            "unknown calendar",
            Action::Create { calendar: nowhere, draft: draft(json!({})) },
            ErrorKind::NotFound,
        ),
        (
            "unknown event",
            Action::Delete { event: world.key("nothing"), scope: Default::default() },
            ErrorKind::NotFound,
        ),
        ("no zone", lunch(at("2025-04-01T12:00:00"), at("2025-04-01T13:00:00")), ErrorKind::InvalidInput),
        (
            "empty range",
            lunch(at("2025-04-01T12:00:00Z"), at("2025-04-01T12:00:00Z")),
            ErrorKind::InvalidInput,
        ),
        ("backwards", lunch(at("2025-04-01T12:00:00Z"), at("2025-04-01T11:00:00Z")), ErrorKind::InvalidInput),
        (
            "half a day",
            lunch(json!({ "date": "2025-04-01" }), at("2025-04-01T11:00:00Z")),
            ErrorKind::InvalidInput,
        ),
        (
            "an update to nothing",
            Action::Update { event: world.key(&meeting), patch: patch(json!({})), scope: Default::default() },
            ErrorKind::InvalidInput,
        ),
        (
            "an end before the start that stays",
            Action::Update {
                event: world.key(&meeting),
                patch: patch(json!({ "end": at("2025-03-31T09:00:00+02:00") })),
                scope: Default::default(),
            },
            ErrorKind::InvalidInput,
        ),
    ];
    for (what, action, kind) in table {
        let error = world.process().request(&world.theo(), ActionRequest::new(action)).await.unwrap_err();
        println!("{what}: {error}");
        assert_eq!(error.kind(), kind, "{what}: {error}");
    }
    let mut alone = world.create();
    alone.expires_in = Some(Duration::ZERO);
    let error = world.process().request(&world.theo(), alone).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    world.mirror("reader").await;
    let error = world.process().request(&world.theo(), world.create()).await.unwrap_err();
    assert_eq!(error.to_string(), "calendar \"Ada\" can only be read: ask its owner for write access");
    assert!(world.audit().await.is_empty() && world.google.all_requests() == 0);
}

#[tokio::test]
async fn the_preview_shows_a_move_field_by_field_in_local_time_with_guests_and_conflicts() {
    let world = World::new().await;
    let meeting = world.meeting().await;
    for (summary, hour) in [("Dentist", 10), ("Call", 14)] {
        world
            .event(json!({
                "summary": summary, "start": { "dateTime": format!("2025-03-31T{hour}:30:00+02:00") },
                "end": { "dateTime": format!("2025-03-31T{hour}:45:00+02:00") },
            }))
            .await;
    }
    let set = draft(json!({
        "start": { "dateTime": "2025-03-31T14:00:00", "timeZone": "Europe/Zurich" },
        "end": { "dateTime": "2025-03-31T15:00:00", "timeZone": "Europe/Zurich" },
        "attendees": [{ "email": "dan@example.com" }],
    }));
    let mut patch = EventPatch::new(*set).clearing("location");
    patch.remove_attendees.insert(TEAM[1].into());

    let asked = world
        .process()
        .request(&world.theo(), world.patch(&meeting, patch, Default::default()))
        .await
        .unwrap();

    let shown = asked.preview;
    let change = |field: &str, before: &str, after: Option<&str>| FieldChange {
        field: field.into(),
        before: Some(before.into()),
        after: after.map(str::to_owned),
    };
    assert_eq!(
        shown.changes,
        [
            change("start", "Mon 2025-03-31 10:00", Some("Mon 2025-03-31 14:00")),
            change("end", "Mon 2025-03-31 11:00", Some("Mon 2025-03-31 15:00")),
            change("location", "Room 1", None),
            change(
                "attendees",
                "ada@example.com, bob@example.com, eve@example.org",
                Some("ada@example.com, bob@example.com, dan@example.com"),
            ),
        ]
    );
    assert_eq!(
        shown.summary,
        "Move \"Review\" from Mon 2025-03-31 10:00–11:00 (Europe/Zurich) to Mon 2025-03-31 14:00–15:00 \
         (Europe/Zurich); Change location, attendees of \"Review\"; emails 3 guests"
    );
    assert_eq!(shown.occurrences, ["Mon 2025-03-31 10:00–11:00 (Europe/Zurich)"]);
    let inside = vec![TEAM[0].to_owned(), "dan@example.com".to_owned()];
    assert_eq!(shown.emails, Emails { inside, outside: vec![TEAM[1].to_owned()] });
    let titles = |conflicts: &[theo_calendar::conflict::Conflict]| {
        conflicts.iter().map(|conflict| conflict.summary.clone().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(
        (titles(&shown.conflicts_caused), titles(&shown.conflicts_solved)),
        (vec!["Call".into()], vec!["Dentist".into()])
    );
    assert_eq!((shown.calendar.as_str(), shown.time_zone.as_str()), ("Ada", "Europe/Zurich"));
}

#[tokio::test]
async fn the_preview_names_exactly_whom_google_then_emails() {
    for send_updates in [SendUpdates::All, SendUpdates::ExternalOnly, SendUpdates::None] {
        for action in ["create", "update", "remove a guest", "delete"] {
            let world = World::new().await;
            let meeting = world.meeting().await;
            let request = match action {
                "create" => world.create(),
                "update" => world.update(&meeting, json!({ "location": "Room 2" })),
                "delete" => world.delete(&meeting),
                _ => {
                    let mut patch = EventPatch::default();
                    patch.remove_attendees.insert(TEAM[1].into());
                    world.patch(&meeting, patch, Default::default())
                }
            };
            let approved = world.approved(request.send_updates(send_updates.clone())).await;
            world.process().execute(&approved.user, &approved.id).await.unwrap();

            let Emails { inside, outside } = approved.preview.emails;
            let mut shown: Vec<String> = inside.into_iter().chain(outside).collect();
            let mut sent: Vec<String> = world.google.mail().into_iter().map(|mail| mail.to).collect();
            shown.sort();
            sent.sort();
            assert_eq!(shown, sent, "{action}, {send_updates}");
        }
    }
}

#[tokio::test]
async fn the_preview_of_an_answer_a_new_series_and_a_deletion_says_what_it_is() {
    let world = World::new().await;
    let meeting = world.meeting().await;
    let process = world.process();
    let series = Action::Create {
        calendar: world.calendar(),
        draft: draft(json!({
            "summary": "Stand\u{202e}up\n\"x\"", "recurrence": ["RRULE:FREQ=WEEKLY"],
            "start": { "date": "2025-04-07" }, "end": { "date": "2025-04-09" },
        })),
    };

    let answer = process
        .request(&world.theo(), world.respond(&meeting, ResponseStatus::Declined))
        .await
        .unwrap()
        .preview;
    let series = process.request(&world.theo(), ActionRequest::new(series)).await.unwrap().preview;
    let deletion = process.request(&world.theo(), world.delete(&meeting)).await.unwrap().preview;

    let changed = FieldChange {
        field: "responseStatus".into(),
        before: Some("accepted".into()),
        after: Some("declined".into()),
    };
    assert_eq!(answer.changes, [changed]);
    assert_eq!(answer.summary, "Decline \"Review\" on Mon 2025-03-31 10:00–11:00 (Europe/Zurich)");
    assert_eq!(
        series.occurrences[..2],
        ["Mon 2025-04-07 – Tue 2025-04-08, all day", "Mon 2025-04-14 – Tue 2025-04-15, all day"]
    );
    assert_eq!((series.occurrence_count, series.occurrences_truncated), (1000, true));
    assert!(!series.summary.contains(['\n', '\u{202e}']), "{}", series.summary);
    let end = series.changes.iter().find(|change| change.field == "end").unwrap();
    assert_eq!(end.after.as_deref(), Some("Tue 2025-04-08"), "the last day, as a person counts");
    assert_eq!(
        deletion.summary,
        "Delete \"Review\" on Mon 2025-03-31 10:00–11:00 (Europe/Zurich); emails 2 guests"
    );
    assert!(deletion.changes.iter().all(|change| change.before.is_some() && change.after.is_none()));
}
