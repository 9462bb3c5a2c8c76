//! Sync states.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::scene::{Scene, assert_refused, at, entry, fence, one_off, query};
use crate::{
    Error, ErrorKind, Result,
    id::UserId,
    storage::{CalendarSettings, Listing, Storage, SyncPage},
    sync::{Standing, SyncFailure, SyncPhase, SyncResource, SyncState},
};

pub async fn a_state_comes_back_as_it_was_saved(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let failure = SyncFailure::new(&Error::new(ErrorKind::Timeout, "no answer"), at(1));
    let phases = [
        SyncPhase::Empty,
        SyncPhase::FullPaging { page: None, pages: 0 },
        SyncPhase::FullPaging { page: Some("p".into()), pages: 7 },
        SyncPhase::Incremental { token: "t".into() },
        SyncPhase::DeltaPaging { token: "t".into(), page: "p".into(), pages: 3 },
    ];
    let standings = [
        Standing::Ready,
        Standing::Backoff { until: at(9), failures: 4, failure: failure.clone() },
        Standing::Paused { failure },
    ];
    for phase in phases {
        for standing in &standings {
            let state = SyncState {
                phase: phase.clone(),
                standing: standing.clone(),
                generation: 12,
                token_set_at: Some(at(2)),
                last_sync_at: Some(at(3)),
                last_full_sync_at: Some(at(4)),
                full_sync_started_at: Some(at(5)),
                ..scene.state(0)
            };
            store.save_sync_state(&state, &scene.fence).await?;
            assert_eq!(store.sync_state(&state.resource).await?, Some(state));
        }
    }
    Ok(())
}

pub async fn creating_a_state_leaves_the_one_there_is(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(Vec::new()).await?;
    let fresh = SyncState::new(scene.state(0).resource, query());

    store.create_sync_state(&fresh).await?;

    assert_eq!(store.sync_state(&fresh.resource).await?, Some(scene.state(0)));
    Ok(())
}

pub async fn a_state_of_a_calendar_that_is_gone_is_not_revived(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.list(Vec::new(), Listing::Full { first: true, last: true }).await?;
    let state = scene.state(0);

    assert_refused(store.save_sync_state(&state, &scene.fence).await, ErrorKind::NotFound);
    assert_refused(store.create_sync_state(&state).await, ErrorKind::NotFound);

    assert_eq!(store.sync_state(&state.resource).await?, None);
    Ok(())
}

pub async fn a_state_under_an_old_fence_is_not_saved(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let before = store.sync_state(&scene.state(0).resource).await?;
    fence(&store, &scene.fence.name).await?;

    let saved = store.save_sync_state(&scene.state(8), &scene.fence).await;

    assert_refused(saved, ErrorKind::LeaseLost);
    assert_eq!(store.sync_state(&scene.state(0).resource).await?, before);
    Ok(())
}

pub async fn saving_never_lowers_dirty(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let (events, list) = (scene.state(0), scene.list_state(0));
    let dirty = async |resource: &SyncResource| -> Result<u64> {
        Ok(store.sync_state(resource).await?.map_or(0, |state| state.dirty))
    };
    assert_eq!(store.mark_dirty(&events.resource).await?, 1);
    assert_eq!(store.mark_dirty(&events.resource).await?, 2);
    assert_eq!(store.mark_dirty(&list.resource).await?, 1);

    store.save_sync_state(&events, &scene.fence).await?;
    assert_eq!(dirty(&events.resource).await?, 2);

    let state = SyncState { dirty: 99, clean: 1, ..events.clone() };
    store.commit_page(&SyncPage { state, ..scene.page(Listing::Delta, 0) }).await?;
    assert_eq!(dirty(&events.resource).await?, 2);
    assert_eq!(store.sync_state(&events.resource).await?.map(|state| state.clean), Some(1));

    scene.list(Vec::new(), Listing::Delta).await?;
    assert_eq!(dirty(&list.resource).await?, 1);
    Ok(())
}

pub async fn what_has_no_state_cannot_be_dirty(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let nowhere = SyncResource::Events(scene.account.calendar("nowhere@example.com"));

    assert_refused(store.mark_dirty(&nowhere).await, ErrorKind::NotFound);

    assert_eq!(store.sync_state(&nowhere).await?, None);
    Ok(())
}

pub async fn calendar_lists_come_before_calendars(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.list(vec![entry("a@example.com", "A")], Listing::Delta).await?;
    let a = SyncResource::Events(scene.account.calendar("a@example.com"));
    store.create_sync_state(&SyncState::new(a.clone(), query())).await?;

    let states = store.sync_states(&scene.account.user).await?;

    let resources: Vec<SyncResource> = states.into_iter().map(|state| state.resource).collect();
    assert_eq!(resources, [scene.list_state(0).resource, a, scene.state(0).resource]);
    Ok(())
}

pub async fn dirty_resources_are_due_first_then_the_longest_unsynced(store: Arc<dyn Storage>) -> Result<()> {
    let [ada, bob, carl, dora] = four(&store).await?;
    synced(&ada, Some(at(10))).await?;
    synced(&bob, Some(at(5))).await?;
    synced(&carl, None).await?;
    synced(&dora, Some(at(59))).await?;
    store.mark_dirty(&dora.state(0).resource).await?;

    let due = calendars_due(&store, 100).await?;
    assert_eq!(due, ["dora", "carl", "bob", "ada"]);
    assert_eq!(store.resources_due(at(60), at(30), 1).await?, [dora.state(0).resource]);

    let clean = SyncState { clean: 1, last_sync_at: Some(at(60)), ..dora.state(0) };
    store.save_sync_state(&clean, &dora.fence).await?;
    assert_eq!(calendars_due(&store, 100).await?, ["carl", "bob", "ada"]);
    Ok(())
}

pub async fn paused_waiting_and_unselected_resources_are_not_due(store: Arc<dyn Storage>) -> Result<()> {
    let [ada, bob, carl, dora] = four(&store).await?;
    let failure = SyncFailure::new(&Error::new(ErrorKind::Timeout, "no answer"), at(1));
    let backoff = |until| Standing::Backoff { until, failures: 1, failure: failure.clone() };
    let stands = async |scene: &Scene, standing: Standing| {
        store.mark_dirty(&scene.state(0).resource).await?;
        store.save_sync_state(&SyncState { standing, ..scene.state(0) }, &scene.fence).await
    };
    stands(&ada, Standing::Paused { failure: failure.clone() }).await?;
    stands(&bob, backoff(at(61))).await?;
    stands(&carl, backoff(at(60))).await?;
    stands(&dora, Standing::Ready).await?;
    let unselected = CalendarSettings { is_selected: false, is_hidden: false };
    store.set_calendar_settings(&dora.calendar, unselected).await?;

    assert_eq!(calendars_due(&store, 100).await?, ["carl"]);
    Ok(())
}

pub async fn an_unfinished_listing_is_due(store: Arc<dyn Storage>) -> Result<()> {
    let [ada, bob, carl, dora] = four(&store).await?;
    let phases = [
        SyncPhase::Empty,
        SyncPhase::FullPaging { page: Some("p".into()), pages: 1 },
        SyncPhase::DeltaPaging { token: "t".into(), page: "p".into(), pages: 1 },
    ];
    for (scene, phase) in [&ada, &bob, &carl].into_iter().zip(phases) {
        let state = SyncState { phase, last_sync_at: Some(at(59)), ..scene.state(0) };
        store.save_sync_state(&state, &scene.fence).await?;
    }
    synced(&dora, Some(at(59))).await?;

    assert_eq!(calendars_due(&store, 100).await?, ["ada", "bob", "carl"]);
    Ok(())
}

async fn four(store: &Arc<dyn Storage>) -> Result<[Scene; 4]> {
    let scene = async |user: &str| -> Result<Scene> {
        let scene = Scene::of(store, user, "work@example.com").await?;
        scene.bring(vec![one_off("a", "A", 0)]).await?;
        Ok(scene)
    };
    Ok([scene("ada").await?, scene("bob").await?, scene("carl").await?, scene("dora").await?])
}

async fn synced(scene: &Scene, last_sync_at: Option<DateTime<Utc>>) -> Result<()> {
    scene.store.save_sync_state(&SyncState { last_sync_at, ..scene.state(0) }, &scene.fence).await
}

/// Whose calendars are due at 10:00, those not synced since 9:30 being stale; calendar lists left out.
async fn calendars_due(store: &Arc<dyn Storage>, limit: usize) -> Result<Vec<String>> {
    let due = store.resources_due(at(60), at(30), limit).await?;
    let calendars = due.iter().filter(|resource| matches!(resource, SyncResource::Events(_)));
    let users: Vec<&UserId> = calendars.map(SyncResource::user).collect();
    Ok(users.into_iter().map(ToString::to_string).collect())
}
