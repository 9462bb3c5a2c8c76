//! Push channels.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::{Scene, at};
use crate::{
    Result,
    storage::{Channel, Storage},
    sync::SyncResource,
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

pub async fn a_deleted_channel_is_gone(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    store.insert_channel(&channel(&scene, "a", 10)).await?;
    store.insert_channel(&channel(&scene, "b", 10)).await?;

    store.delete_channel(&"a".into()).await?;
    store.delete_channel(&"a".into()).await?;

    assert_eq!(store.channel(&"a".into()).await?, None);
    assert!(store.channel(&"b".into()).await?.is_some());
    Ok(())
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
