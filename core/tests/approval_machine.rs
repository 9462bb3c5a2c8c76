//! Every step from every state, and who may take it.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use theo_calendar::{
    Error, ErrorKind, Result,
    approval::{
        Action, ActionRequest, Approval, ApprovalState, Ask, Drift, Execution, MAX_ATTEMPTS, MAX_LIFETIME,
        Outcome, Preview, Principal, RecurrenceScope, Step as Call,
    },
    id::AccountKey,
    model::{Event, EventDraft, EventPatch, SendUpdates},
};

const STATES: [ApprovalState; 9] = [
    ApprovalState::Pending,
    ApprovalState::Approved,
    ApprovalState::Executing,
    ApprovalState::Unknown,
    ApprovalState::Executed,
    ApprovalState::Failed,
    ApprovalState::Rejected,
    ApprovalState::Expired,
    ApprovalState::Stale,
];

fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn ada() -> Principal {
    Principal::User("ada".into())
}

fn theo() -> Principal {
    Principal::Agent { user: "ada".into(), name: "theo".into() }
}

fn rename() -> ActionRequest {
    let event = AccountKey::new("ada", "ada@example.com").calendar("work").event("standup");
    let patch = EventPatch::new(EventDraft { summary: Some("Sync".into()), ..EventDraft::default() });
    ActionRequest::new(Action::Update { event, patch: Box::new(patch), scope: RecurrenceScope::All })
}

fn pending() -> Approval {
    let ask = Ask {
        id: "a1".into(),
        requested_by: theo(),
        request: rename(),
        snapshot: Some(Box::new(Event { etag: Some("\"1\"".into()), ..Event::new("standup") })),
        occurrence: None,
        preview: Preview::default(),
        supersedes: None,
    };
    Approval::ask(ask, noon()).unwrap()
}

/// An approval in `state`, reached by the steps that lead there.
fn in_state(state: ApprovalState) -> Approval {
    let (ada, now) = (ada(), noon());
    let approved = || pending().approve(&ada, None, now).unwrap();
    let executing = || approved().begin_execution(ada.user(), "standup".into(), now).unwrap();
    match state {
        ApprovalState::Pending => pending(),
        ApprovalState::Approved => approved(),
        ApprovalState::Executing => executing(),
        ApprovalState::Unknown => executing().doubt(now).unwrap(),
        ApprovalState::Executed => executing().finish("standup".into(), vec![], now).unwrap(),
        ApprovalState::Failed => executing().fail(&refused(), now).unwrap(),
        ApprovalState::Rejected => pending().reject(&ada, Some("not today".into()), now).unwrap(),
        ApprovalState::Expired => pending().expire(pending().expires_at).unwrap(),
        ApprovalState::Stale => approved().stale(Drift::default(), now).unwrap(),
    }
}

fn refused() -> Error {
    Error::new(ErrorKind::Forbidden, "the calendar is read-only")
}

type Step = (&'static str, fn(&Approval, DateTime<Utc>) -> Result<Approval>);

const STEPS: [Step; 12] = [
    ("approve", |a, now| a.approve(&ada(), None, now)),
    ("reject", |a, now| a.reject(&ada(), Some("no".into()), now)),
    ("supersede", |a, now| a.supersede(&ada(), &"a2".into(), now)),
    ("withdraw", |a, now| a.withdraw(&ada(), "disconnected".into(), now)),
    ("begin", |a, now| a.begin_execution(ada().user(), "standup".into(), now)),
    ("try again", |a, now| a.try_again(now)),
    ("doubt", |a, now| a.doubt(now)),
    ("finish", |a, now| a.finish("standup".into(), vec![], now)),
    ("fail", |a, now| a.fail(&refused(), now)),
    ("stale", |a, now| a.stale(Drift::default(), now)),
    ("expire", |a, now| a.expire(now)),
    ("agent approves", |a, now| a.approve(&theo(), None, now)),
];

/// What each step is to give from each state, in the order of `STATES`: in time, and past the expiry.
/// `.` is WrongState, `E` Expired, `X` NotPermitted; else the state it leads to.
const EXPECTED: [(&str, &str, &str); 12] = [
    ("approve", "approved . . . . . . . .", "E . . . . . . . ."),
    ("reject", "rejected . . . . . . . .", "E . . . . . . . ."),
    ("supersede", "rejected . . . . . . . .", "E . . . . . . . ."),
    ("withdraw", "rejected rejected . . . . . . .", "rejected rejected . . . . . . ."),
    ("begin", ". executing . . . . . . .", ". E . . . . . . ."),
    ("try again", ". . executing executing . . . . .", ". . E E . . . . ."),
    ("doubt", ". . unknown . . . . . .", ". . unknown . . . . . ."),
    ("finish", ". . executed executed . . . . .", ". . executed executed . . . . ."),
    ("fail", ". . failed failed . . . . .", ". . failed failed . . . . ."),
    ("stale", ". stale stale stale . . . . .", ". stale stale stale . . . . ."),
    ("expire", ". . . . . . . . .", "expired expired . . . . . . ."),
    ("agent approves", "X X X X X X X X X", "X X X X X X X X X"),
];

#[test]
fn every_step_from_every_state_goes_where_the_table_says() {
    let past = pending().expires_at;
    println!("{:22}{}", "", STATES.map(|state| format!("{state:>11}")).concat());
    for ((name, step), (expected_name, in_time, late)) in STEPS.iter().zip(EXPECTED) {
        assert_eq!(*name, expected_name);
        for (when, now, expected) in [("", noon(), in_time), (" (late)", past, late)] {
            let found = STATES.map(|state| match step(&in_state(state), now) {
                Ok(next) => next.state.as_str().to_owned(),
                Err(error) => match error.kind() {
                    ErrorKind::WrongState => ".".to_owned(),
                    ErrorKind::Expired => "E".to_owned(),
                    ErrorKind::NotPermitted => "X".to_owned(),
                    other => panic!("{name}: {other:?}: {error}"),
                },
            });
            println!(
                "{:15}{}",
                format!("{name}{when}"),
                found.clone().map(|word| format!("{word:>11}")).concat()
            );
            assert_eq!(found.join(" "), expected, "{name}{when}");
        }
    }
}

#[test]
fn another_user_is_told_of_no_approval_in_any_state() {
    let bob = Principal::User("bob".into());
    let agent_of_bob = Principal::Agent { user: "bob".into(), name: "theo".into() };
    for state in STATES {
        let approval = in_state(state);
        for result in [
            approval.approve(&bob, None, noon()),
            approval.reject(&agent_of_bob, None, noon()),
            approval.begin_execution(bob.user(), "standup".into(), noon()),
        ] {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::NotFound, "{state}");
        }
    }
}

#[test]
fn a_request_altered_after_it_was_shown_is_neither_approved_nor_executed() {
    type Alteration = fn(&mut Approval);
    let alterations: [(&str, Alteration); 5] = [
        ("payload", |a| {
            let Action::Update { patch, .. } = &mut a.request.action else { panic!() };
            patch.set.summary = Some("Party".into());
        }),
        ("target", |a| {
            let Action::Update { event, .. } = &mut a.request.action else { panic!() };
            event.event = "board-meeting".into();
        }),
        ("emails", |a| a.request.send_updates = SendUpdates::All),
        ("version shown", |a| a.snapshot.as_mut().unwrap().etag = Some("\"2\"".into())),
        ("user", |a| a.user = "bob".into()),
    ];
    for (what, alter) in alterations {
        for state in [ApprovalState::Pending, ApprovalState::Approved, ApprovalState::Unknown] {
            let mut approval = in_state(state);
            alter(&mut approval);
            let owner = Principal::User(approval.user.clone());
            let result = match state {
                ApprovalState::Pending => approval.approve(&owner, None, noon()),
                ApprovalState::Approved => approval.begin_execution(owner.user(), "standup".into(), noon()),
                _ => approval.try_again(noon()),
            };
            assert_eq!(result.unwrap_err().kind(), ErrorKind::NotPermitted, "{what} altered while {state}");
        }
    }
}

#[test]
fn nobody_asks_for_a_change_to_another_users_calendar() {
    let ask = Ask {
        id: "a1".into(),
        requested_by: Principal::Agent { user: "bob".into(), name: "theo".into() },
        request: rename(),
        snapshot: None,
        occurrence: None,
        preview: Preview::default(),
        supersedes: None,
    };

    assert_eq!(Approval::ask(ask, noon()).unwrap_err().kind(), ErrorKind::NotPermitted);
}

#[test]
fn an_approval_is_tried_a_bounded_number_of_times() {
    let mut approval = in_state(ApprovalState::Executing);
    let mut calls = 1;
    while let Ok(next) = approval.try_again(noon()) {
        approval = next;
        calls += 1;
    }

    assert_eq!(calls, MAX_ATTEMPTS);
    assert_eq!(approval.execution.unwrap().attempts, MAX_ATTEMPTS);
}

/// Executing, in three steps, of which the first is under way.
fn in_steps() -> Approval {
    let insert = Call::Insert { event: "new".into(), draft: Box::default() };
    let carry = Call::Carry {
        event: "new_20260309".into(),
        from: "standup_20260309".into(),
        changes: Default::default(),
    };
    let trim = Call::Trim { recurrence: vec![], cut_off: vec![] };
    in_state(ApprovalState::Executing).planned(vec![trim, insert, carry])
}

#[test]
fn what_takes_several_calls_goes_from_one_to_the_next_and_counts_each_by_itself() {
    let tried = in_steps().try_again(noon()).unwrap().doubt(noon()).unwrap();
    let second = tried.next_step(vec!["twin".into()], noon()).unwrap();
    let third = second.next_step(vec![], noon()).unwrap();

    assert_eq!(second.state, ApprovalState::Executing);
    assert!(matches!(second.execution.as_ref().unwrap().step(), Some(Call::Insert { .. })));
    assert_eq!(
        (second.execution.as_ref().unwrap().attempts, second.execution.as_ref().unwrap().done),
        (1, 1)
    );
    assert!(second.has_next_step() && !third.has_next_step());
    assert_eq!(third.next_step(vec![], noon()).unwrap_err().kind(), ErrorKind::WrongState);
    assert_eq!(
        in_state(ApprovalState::Executing).next_step(vec![], noon()).unwrap_err().kind(),
        ErrorKind::WrongState
    );
    assert_eq!(
        second.planned(vec![]).execution,
        third.try_again(noon()).unwrap().execution.map(|of| Execution { done: 1, attempts: 1, ..of })
    );
    let done = third.finish("new".into(), vec![], noon()).unwrap();
    assert_eq!(done.outcome, Some(Outcome::Done { event: "new".into(), duplicates: vec!["twin".into()] }));
}

#[test]
fn what_is_half_done_outlives_its_expiry_and_says_how_far_it_came() {
    let first = in_steps();
    let late = first.expires_at + TimeDelta::hours(1);
    let second = first.next_step(vec![], late).unwrap();
    let third = second.next_step(vec![], late).unwrap();

    assert_eq!(first.try_again(late).unwrap_err().kind(), ErrorKind::Expired);
    let mut calls = 1;
    let mut tried = second.clone();
    while let Ok(next) = tried.try_again(late) {
        tried = next;
        calls += 1;
    }
    assert!(calls > MAX_ATTEMPTS && calls < 100, "{calls}");
    assert!(matches!(first.fail(&refused(), late).unwrap().outcome, Some(Outcome::NotDone { .. })));
    for (approval, said) in [
        (
            second,
            "the old series was ended before the occurrence, and the new one could not be made: the calendar is read-only",
        ),
        (
            third,
            "the series was split, and 1 of its changed occurrences could not be taken over, standup_20260309 first: the calendar is read-only",
        ),
    ] {
        let Some(Outcome::PartlyDone { event, kind, message }) =
            approval.fail(&refused(), late).unwrap().outcome
        else {
            panic!("it is half done");
        };
        assert_eq!((event.as_str(), kind.as_str(), message.as_str()), ("standup", "forbidden", said));
    }
}

#[test]
fn the_time_to_decide_is_bounded() {
    for (seconds, allowed) in [
        (0, false),
        (1, true),
        (MAX_LIFETIME.as_secs(), true),
        (MAX_LIFETIME.as_secs() + 1, false),
        (u64::MAX, false),
    ] {
        let ask = Ask {
            id: "a1".into(),
            requested_by: ada(),
            request: rename().expires_in(Duration::from_secs(seconds)),
            snapshot: None,
            occurrence: None,
            preview: Preview::default(),
            supersedes: None,
        };
        let asked = Approval::ask(ask, noon());
        assert_eq!(asked.map_err(|error| error.kind()).err(), (!allowed).then_some(ErrorKind::InvalidInput));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// However the steps come, in whatever order and at whatever time: what ended stays ended, each step counts
    /// once, and no call to Google begins without the person's yes.
    #[test]
    fn no_sequence_of_steps_leaves_a_terminal_state_or_skips_the_yes(
        steps in prop::collection::vec((0..STEPS.len(), 0i64..172_800), 1..40)
    ) {
        let mut approval = pending();
        for (step, seconds) in steps {
            let (before, now) = (approval.clone(), noon() + TimeDelta::seconds(seconds));
            let Ok(next) = (STEPS[step].1)(&approval, now) else { continue };
            prop_assert!(!before.state.is_terminal());
            prop_assert_eq!(next.version.0, before.version.0 + 1);
            if next.state == ApprovalState::Executing {
                prop_assert_eq!(next.decided_by.as_ref(), Some(&ada()));
                prop_assert!(now < next.expires_at);
            }
            approval = next;
        }
    }
}
