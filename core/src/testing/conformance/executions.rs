//! What an executed approval changes in the mirror.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::{Scene, at, changed, one_off};
use crate::{
    Result,
    approval::{Approval, ApprovalState},
    storage::{EventRow, Listing, MirrorChange, Storage, Transition},
    time::Timestamp,
};

pub async fn an_executed_change_is_mirrored_with_its_transition(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let executing = executing(&scene).await?;
    let cursor = scene.cursor().await?;

    executed(&scene, &executing, one_off("e", "Made", 0)).await?;

    let stored = store.event(&scene.calendar.event("e")).await?;
    assert_eq!(stored.event, one_off("e", "Made", 0).event);
    assert_eq!(stored.span, one_off("e", "Made", 0).span);
    assert_eq!(scene.changes(cursor).await?.len(), 1);
    assert_eq!(store.event_counts(&scene.account.user).await?, [(scene.calendar.clone(), 1)]);
    Ok(())
}

pub async fn an_executed_deletion_is_mirrored_with_its_transition(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("e", "Doomed", 0)]).await?;
    let executing = executing(&scene).await?;
    let cursor = scene.cursor().await?;

    let mirror = vec![MirrorChange::Delete { calendar: scene.calendar.clone(), event: "e".into() }];
    store.transition(&Transition { mirror, ..scene.step(&executing, ApprovalState::Executed) }).await?;

    assert!(scene.ids().await?.is_empty());
    let changes = scene.changes(cursor).await?;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].event, None);
    Ok(())
}

pub async fn all_that_an_execution_changes_is_mirrored_with_its_transition(
    store: Arc<dyn Storage>,
) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("e", "Doomed", 0), one_off("f", "Doomed", 1)]).await?;
    let executing = executing(&scene).await?;
    let cursor = scene.cursor().await?;

    let calendar = || scene.calendar.clone();
    let mirror = vec![
        MirrorChange::Upsert { calendar: calendar(), row: one_off("g", "Made", 2) },
        MirrorChange::Delete { calendar: calendar(), event: "e".into() },
        MirrorChange::Delete { calendar: calendar(), event: "f".into() },
    ];
    store.transition(&Transition { mirror, ..scene.step(&executing, ApprovalState::Executed) }).await?;

    assert_eq!(scene.ids().await?, ["g"]);
    assert_eq!(scene.changes(cursor).await?.len(), 3);
    Ok(())
}

pub async fn something_newer_is_not_overwritten(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let executing = executing(&scene).await?;
    let newer = changed(&one_off("e", "The person's", 0), |event| {
        event.updated = Some(Timestamp::from(at(5)));
    });
    scene.bring(vec![newer]).await?;
    let cursor = scene.cursor().await?;

    let ours = changed(&one_off("e", "Ours", 0), |event| event.updated = Some(Timestamp::from(at(4))));
    executed(&scene, &executing, ours).await?;

    let stored = store.event(&scene.calendar.event("e")).await?;
    assert_eq!(stored.event.summary.as_deref(), Some("The person's"));
    assert_eq!(scene.changes(cursor).await?, []);
    let approval = store.approval(&scene.account.user, &executing.id).await?;
    assert_eq!(approval.state, ApprovalState::Executed, "the transition itself is stored");
    Ok(())
}

pub async fn an_event_that_was_deleted_meanwhile_is_not_brought_back(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("e", "Before", 0)]).await?;
    let executing = executing(&scene).await?;
    scene.take(&["e"]).await?;

    executed(&scene, &executing, one_off("e", "Ours", 0)).await?;

    assert!(scene.ids().await?.is_empty(), "the person deleted it after our change, and the sync knew first");
    Ok(())
}

pub async fn an_event_that_was_deleted_before_may_be_made_again(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("e", "Before", 0)]).await?;
    scene.take(&["e"]).await?;
    let executing = executing(&scene).await?;

    executed(&scene, &executing, one_off("e", "Revived", 0)).await?;

    assert_eq!(scene.ids().await?, ["e"]);
    Ok(())
}

pub async fn a_change_to_a_calendar_that_is_gone_is_dropped(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let executing = executing(&scene).await?;
    scene.list(Vec::new(), Listing::Full { first: true, last: true }).await?;

    executed(&scene, &executing, one_off("e", "Made", 0)).await?;

    assert!(scene.ids().await?.is_empty());
    let approval = store.approval(&scene.account.user, &executing.id).await?;
    assert_eq!(approval.state, ApprovalState::Executed);
    Ok(())
}

pub async fn a_change_during_a_listing_survives_its_sweep(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.page_of_all(1, (true, true), vec![one_off("a", "A", 0), one_off("b", "B", 0)]).await?;
    let executing = executing(&scene).await?;
    scene.page_of_all(2, (true, false), vec![one_off("a", "A", 0)]).await?;

    executed(&scene, &executing, one_off("e", "Made after its page was read", 0)).await?;
    scene.page_of_all(2, (false, true), Vec::new()).await?;

    assert_eq!(scene.ids().await?, ["a", "e"]);
    Ok(())
}

async fn executing(scene: &Scene) -> Result<Approval> {
    let approval = scene.approval("a");
    scene.store.insert_approval(&approval, &scene.audit("approval.requested")).await?;
    let step = scene.step(&approval, ApprovalState::Executing);
    scene.store.transition(&step).await?;
    Ok((*step.next).clone())
}

async fn executed(scene: &Scene, executing: &Approval, row: EventRow) -> Result<()> {
    let mirror = vec![MirrorChange::Upsert { calendar: scene.calendar.clone(), row }];
    let step = Transition { mirror, ..scene.step(executing, ApprovalState::Executed) };
    scene.store.transition(&step).await
}
