//! The audit.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::Scene;
use crate::{Result, approval::ApprovalState, audit::verify, storage::Storage};

pub async fn each_users_records_are_a_chain(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = (Scene::new(&store).await?, Scene::of(&store, "bob", "b@example.com").await?);
    for action in ["account.connected", "sync.started", "account.disconnected"] {
        store.append_audit(&ada.audit(action)).await?;
        store.append_audit(&bob.audit(action)).await?;
    }

    for scene in [ada, bob] {
        let records = store.audit(&scene.account.user, 0, 10).await?;
        let end = verify(&scene.account.user, &records)?;
        assert_eq!(store.audit_end(&scene.account.user).await?, end);
        let numbers: Vec<u64> = records.iter().map(|record| record.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert!(records.iter().all(|record| record.entry.user == scene.account.user));
    }
    Ok(())
}

pub async fn every_transition_has_one_record(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let mut approval = scene.approval("a");
    store.insert_approval(&approval, &scene.audit("requested")).await?;
    for state in [ApprovalState::Approved, ApprovalState::Executing, ApprovalState::Executed] {
        let step = scene.step(&approval, state);
        store.transition(&step).await?;
        approval = (*step.next).clone();
    }

    let records = store.audit(&scene.account.user, 0, 10).await?;
    let end = verify(&scene.account.user, &records)?;
    assert_eq!(store.audit_end(&scene.account.user).await?, end);
    let actions: Vec<&str> = records.iter().map(|record| record.entry.action.as_str()).collect();
    assert_eq!(actions, ["requested", "approved", "executing", "executed"]);
    Ok(())
}

pub async fn records_are_read_in_order_from_anywhere(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    for action in ["1", "2", "3", "4", "5"] {
        let record = store.append_audit(&scene.audit(action)).await?;
        assert_eq!(record.number.to_string(), action);
        assert_eq!(record.entry, scene.audit(action));
    }

    let records = store.audit(&scene.account.user, 2, 2).await?;

    let actions: Vec<&str> = records.iter().map(|record| record.entry.action.as_str()).collect();
    assert_eq!(actions, ["3", "4"]);
    assert_eq!(store.audit(&scene.account.user, 5, 2).await?, []);
    Ok(())
}
