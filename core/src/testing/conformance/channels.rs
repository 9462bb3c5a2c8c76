//! Push channels.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::{Scene, assert_refused, at, one_off};
use crate::{
    Error, ErrorKind, Result,
    storage::{CalendarSettings, Channel, Storage},
    sync::{Standing, SyncFailure, SyncResource, SyncState},
};

pub async fn a_channel_is_found_by_its_id_alone(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let events = channel(&scene, "events", 10);
    let list =
        Channel { resource: SyncResource::CalendarList(scene.account.clone()), ..channel(&scene, "list", 5) };
    store.insert_channel(&events).await?;
    store.insert_channel(&list).await?;

    assert_eq!(store.channel(&"events".into()).await?, Some(events));
    assert_eq!(store.channel(&"list".into()).await?, Some(list));
    assert_eq!(store.channel(&"forged".into()).await?, None);
    Ok(())
}

pub async fn channels_come_soonest_to_expire_first(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = (Scene::new(&store).await?, Scene::of(&store, "bob", "b@example.com").await?);
    for (scene, id, expires) in [(&ada, "late", 30), (&ada, "soon", 10), (&bob, "middle", 20)] {
        store.insert_channel(&channel(scene, id, expires)).await?;
    }
    let ids =
        |channels: Vec<Channel>| channels.into_iter().map(|found| found.id.to_string()).collect::<Vec<_>>();

    assert_eq!(ids(store.channels(&ada.account.user).await?), ["soon", "late"]);
    assert_eq!(ids(store.channels_expiring(at(30), 10).await?), ["soon", "middle"]);
    assert_eq!(ids(store.channels_expiring(at(31), 1).await?), ["soon"]);
    Ok(())
}

pub async fn a_deleted_channel_is_gone_and_another_users_is_not(store: Arc<dyn Storage>) -> Result<()> {
    let (scene, bob) = (Scene::new(&store).await?, Scene::of(&store, "bob", "b@example.com").await?);
    let user = &scene.account.user;
    store.insert_channel(&channel(&scene, "a", 10)).await?;
    store.insert_channel(&channel(&scene, "b", 10)).await?;
    store.insert_channel(&channel(&bob, "his", 10)).await?;

    store.delete_channel(user, &"a".into()).await?;
    store.delete_channel(user, &"a".into()).await?;
    store.delete_channel(user, &"his".into()).await?;

    assert_eq!(store.channel(&"a".into()).await?, None);
    assert!(store.channel(&"b".into()).await?.is_some());
    assert!(store.channel(&"his".into()).await?.is_some());
    Ok(())
}

pub async fn resources_without_a_lasting_channel_are_to_be_watched(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = two(&store).await?;
    let all = [list(&ada), list(&bob), events(&ada), events(&bob)];
    assert_eq!(store.resources_to_watch(at(0), at(30), 10).await?, all);
    assert_eq!(store.resources_to_watch(at(0), at(30), 1).await?, all[..1]);

    // Ada's calendar has one that ends too soon, and one that lasts; Bob's the first alone, his list the second.
    for (scene, id, expires) in [(&ada, "short", 29), (&ada, "long", 30), (&bob, "his", 29)] {
        store.insert_channel(&channel(scene, id, expires)).await?;
    }
    store.insert_channel(&Channel { resource: list(&bob), ..channel(&bob, "list", 30) }).await?;
    assert_eq!(store.resources_to_watch(at(0), at(30), 10).await?, [list(&ada), events(&bob)]);

    store.delete_channel(&ada.account.user, &"long".into()).await?;
    assert_eq!(store.resources_to_watch(at(0), at(30), 10).await?, [list(&ada), events(&ada), events(&bob)]);
    Ok(())
}

pub async fn a_resource_that_was_put_off_is_left_alone_until_then(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = two(&store).await?;
    store.put_off_watch(&events(&ada), at(10)).await?;
    store.put_off_watch(&list(&bob), at(5)).await?;
    // What the sync of it stores changes nothing about that.
    store.save_sync_state(&ada.state(0), &ada.fence).await?;

    assert_eq!(store.resources_to_watch(at(4), at(30), 10).await?, [list(&ada), events(&bob)]);
    let turns = [list(&ada), events(&bob), list(&bob), events(&ada)];
    assert_eq!(store.resources_to_watch(at(10), at(30), 10).await?, turns);

    let unknown = SyncResource::Events(ada.account.calendar("unknown"));
    assert_refused(store.put_off_watch(&unknown, at(10)).await, ErrorKind::NotFound);
    Ok(())
}

pub async fn paused_and_unselected_resources_are_not_to_be_watched(store: Arc<dyn Storage>) -> Result<()> {
    let (ada, bob) = two(&store).await?;
    let failure = SyncFailure::new(&Error::new(ErrorKind::GrantRevoked, "revoked"), at(1));
    let paused = SyncState { standing: Standing::Paused { failure }, ..ada.state(0) };
    store.save_sync_state(&paused, &ada.fence).await?;
    let unselected = CalendarSettings { is_selected: false, is_hidden: false };
    store.set_calendar_settings(&bob.calendar, unselected).await?;

    assert_eq!(store.resources_to_watch(at(0), at(30), 10).await?, [list(&ada), list(&bob)]);
    Ok(())
}

async fn two(store: &Arc<dyn Storage>) -> Result<(Scene, Scene)> {
    let (ada, bob) = (Scene::new(store).await?, Scene::of(store, "bob", "b@example.com").await?);
    for scene in [&ada, &bob] {
        scene.bring(vec![one_off("a", "A", 0)]).await?;
    }
    Ok((ada, bob))
}

fn list(scene: &Scene) -> SyncResource {
    SyncResource::CalendarList(scene.account.clone())
}

fn events(scene: &Scene) -> SyncResource {
    SyncResource::Events(scene.calendar.clone())
}

fn channel(scene: &Scene, id: &str, expires: i64) -> Channel {
    Channel {
        id: id.into(),
        resource: SyncResource::Events(scene.calendar.clone()),
        resource_id: format!("resource of {id}"),
        token_hash: [9; 32],
        expires_at: at(expires),
    }
}
