//! Approvals and their steps.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use futures_util::future::join_all;

use super::scene::{Scene, assert_refused, at, one_off};
use crate::{
    ErrorKind, Result,
    approval::{Approval, ApprovalState, ApprovalVersion, Execution, Outcome, Principal},
    storage::{ApprovalQuery, ChangeCursor, MirrorChange, Storage, Transition},
};

pub async fn an_approval_comes_back_as_it_was_stored(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let full = Approval {
        snapshot: Some(Box::new((*one_off("e", "Lunch", 0).event).clone())),
        decided_by: Some(Principal::User(scene.account.user.clone())),
        decided_at: Some(at(3)),
        notes: Some("not on Friday".into()),
        supersedes: Some("older".into()),
        execution: Some(Execution { attempts: 2, ..Execution::of("e".into(), at(4)) }),
        outcome: Some(Outcome::Done { event: "e".into(), duplicates: vec!["e2".into()] }),
        ..scene.approval("full")
    };
    for approval in [scene.approval("bare"), full] {
        store.insert_approval(&approval, &scene.audit("approval.requested")).await?;
        assert_eq!(store.approval(&scene.account.user, &approval.id).await?, approval);
    }
    Ok(())
}

pub async fn an_id_is_taken_once(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let first = scene.approval("a");
    store.insert_approval(&first, &scene.audit("approval.requested")).await?;

    let second = Approval { notes: Some("another".into()), ..first.clone() };
    let inserted = store.insert_approval(&second, &scene.audit("approval.requested")).await;

    assert_refused(inserted, ErrorKind::AlreadyExists);
    assert_eq!(store.approval(&scene.account.user, &first.id).await?, first);
    assert_eq!(store.audit(&scene.account.user, 0, 10).await?.len(), 1);
    Ok(())
}

pub async fn of_sixteen_transitions_one_wins(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    for round in 0..20 {
        let approval = scene.approval(&format!("a{round}"));
        store.insert_approval(&approval, &scene.audit("approval.requested")).await?;
        let steps: Vec<Transition> = (0..16)
            .map(|number| {
                let noted = Approval { notes: Some(format!("decision {number}")), ..approval.clone() };
                scene.step(&noted, ApprovalState::Approved)
            })
            .collect();

        let results = join_all(steps.iter().map(|step| store.transition(step))).await;

        let won: Vec<usize> =
            results.iter().enumerate().filter_map(|(at, result)| result.is_ok().then_some(at)).collect();
        assert_eq!(won.len(), 1, "of all who race one wins");
        let lost = results.into_iter().filter_map(Result::err);
        assert!(lost.map(|error| error.kind()).all(|kind| kind == ErrorKind::PreconditionFailed));
        let stored = store.approval(&scene.account.user, &approval.id).await?;
        assert_eq!(stored, *steps[won[0]].next);
    }
    assert_eq!(store.audit(&scene.account.user, 0, 100).await?.len(), 40);
    Ok(())
}

pub async fn the_loser_of_a_transition_leaves_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let approval = scene.approval("a");
    store.insert_approval(&approval, &scene.audit("approval.requested")).await?;
    store.transition(&scene.step(&approval, ApprovalState::Rejected)).await?;

    let row = one_off("e", "Made", 0);
    let mirror = vec![MirrorChange::Upsert { calendar: scene.calendar.clone(), row }];
    let late = Transition { mirror, ..scene.step(&approval, ApprovalState::Executed) };
    assert_refused(store.transition(&late).await, ErrorKind::PreconditionFailed);

    let stored = store.approval(&scene.account.user, &approval.id).await?;
    assert_eq!((stored.state, stored.version), (ApprovalState::Rejected, ApprovalVersion(2)));
    assert_eq!(store.audit(&scene.account.user, 0, 10).await?.len(), 2);
    assert!(scene.ids().await?.is_empty());
    assert_eq!(scene.changes(ChangeCursor::default()).await?, []);
    Ok(())
}

pub async fn an_unknown_approval_is_not_found(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let never = scene.approval("never");

    assert_refused(store.approval(&never.user, &never.id).await, ErrorKind::NotFound);
    let step = scene.step(&never, ApprovalState::Approved);
    assert_refused(store.transition(&step).await, ErrorKind::NotFound);

    assert_eq!(store.audit(&never.user, 0, 10).await?, []);
    Ok(())
}

pub async fn approvals_come_newest_first(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    for (id, minute, state) in [
        ("first", 1, ApprovalState::Pending),
        ("third", 3, ApprovalState::Executed),
        ("second", 2, ApprovalState::Pending),
        ("zeroth", 0, ApprovalState::Expired),
        ("fourth", 4, ApprovalState::Rejected),
    ] {
        let approval = Approval { requested_at: at(minute), state, ..scene.approval(id) };
        store.insert_approval(&approval, &scene.audit("approval.requested")).await?;
    }
    let ids = async |query: ApprovalQuery| -> Result<Vec<String>> {
        let found = store.approvals(&scene.account.user, &query).await?;
        Ok(found.iter().map(|approval| approval.id.to_string()).collect())
    };

    assert_eq!(ids(ApprovalQuery::default()).await?, ["fourth", "third", "second", "first", "zeroth"]);
    let pending = ApprovalQuery { states: vec![ApprovalState::Pending], ..ApprovalQuery::default() };
    assert_eq!(ids(pending).await?, ["second", "first"]);
    let one = ApprovalQuery { limit: Some(1), offset: 2, ..ApprovalQuery::default() };
    assert_eq!(ids(one).await?, ["second"]);
    let decided = ApprovalState::ALL.into_iter().filter(|state| *state != ApprovalState::Pending).collect();
    let decided = ApprovalQuery { states: decided, limit: Some(2), offset: 0 };
    assert_eq!(ids(decided.clone()).await?, ["fourth", "third"]);
    assert_eq!(ids(ApprovalQuery { offset: 2, ..decided }).await?, ["zeroth"]);
    Ok(())
}

pub async fn expired_approvals_are_found_of_every_user(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = (Scene::new(&store).await?, Scene::of(&store, "bob", "b@example.com").await?);
    for (scene, id, expires, state) in [
        (&ada, "pending", 10, ApprovalState::Pending),
        (&bob, "approved", 5, ApprovalState::Approved),
        (&ada, "later", 11, ApprovalState::Pending),
        (&ada, "executing", 5, ApprovalState::Executing),
        (&bob, "rejected", 5, ApprovalState::Rejected),
    ] {
        let approval = Approval { expires_at: at(expires), state, ..scene.approval(id) };
        store.insert_approval(&approval, &scene.audit("approval.requested")).await?;
    }

    let expired = store.approvals_expired(at(10), 10).await?;

    let ids: Vec<&str> = expired.iter().map(|approval| approval.id.as_str()).collect();
    assert_eq!(ids, ["approved", "pending"]);
    assert_eq!(store.approvals_expired(at(10), 1).await?.len(), 1);
    Ok(())
}

pub async fn approvals_in_doubt_are_found_of_every_user(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = (Scene::new(&store).await?, Scene::of(&store, "bob", "b@example.com").await?);
    for (scene, id, updated, state) in [
        (&ada, "executing", 9, ApprovalState::Executing),
        (&bob, "unknown", 5, ApprovalState::Unknown),
        (&ada, "recent", 10, ApprovalState::Unknown),
        (&ada, "executed", 5, ApprovalState::Executed),
    ] {
        let approval = Approval { updated_at: at(updated), state, ..scene.approval(id) };
        store.insert_approval(&approval, &scene.audit("approval.requested")).await?;
    }

    let in_doubt = store.approvals_in_doubt(at(10), 10).await?;

    let ids: Vec<&str> = in_doubt.iter().map(|approval| approval.id.as_str()).collect();
    assert_eq!(ids, ["unknown", "executing"]);
    assert_eq!(store.approvals_in_doubt(at(10), 1).await?.len(), 1);
    Ok(())
}

pub async fn a_transition_for_another_user_is_refused(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = (Scene::new(&store).await?, Scene::of(&store, "bob", "b@example.com").await?);
    let approval = ada.approval("a");
    store.insert_approval(&approval, &ada.audit("approval.requested")).await?;
    let step = ada.step(&approval, ApprovalState::Executed);
    let row = one_off("e", "Made", 0);

    let mirror = vec![MirrorChange::Upsert { calendar: bob.calendar.clone(), row }];
    let into_bobs_mirror = Transition { mirror, ..step.clone() };
    let into_bobs_audit = Transition { audit: bob.audit("approval.executed"), ..step };

    assert_refused(store.transition(&into_bobs_mirror).await, ErrorKind::InvalidInput);
    assert_refused(store.transition(&into_bobs_audit).await, ErrorKind::InvalidInput);
    assert_refused(store.insert_approval(&ada.approval("b"), &bob.audit("x")).await, ErrorKind::InvalidInput);
    assert!(bob.ids().await?.is_empty());
    assert_eq!(store.audit(&bob.account.user, 0, 10).await?, []);
    assert_eq!(store.approval(&ada.account.user, &approval.id).await?, approval);
    Ok(())
}
