//! Events that cannot be mapped.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::{Scene, one_off, unmappable};
use crate::{
    Result,
    storage::{CommitCounts, Listing, QuarantinedEvent, Storage, SyncPage},
};

const ALL: Listing = Listing::Full { first: true, last: true };

pub async fn an_event_that_cannot_be_mapped_is_kept_once(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let named = unmappable(&scene.calendar, Some("a"), r#"{ "id" : "a", "start":  7 }"#)?;
    let nameless = unmappable(&scene.calendar, None, "[1,  2]")?;

    quarantine(&scene, Listing::Delta, vec![named.clone(), nameless.clone()]).await?;
    let counts = quarantine(&scene, Listing::Delta, vec![named.clone(), nameless.clone()]).await?;

    assert_eq!(counts.quarantined, 2);
    let held = store.quarantined(&scene.calendar.user).await?;
    assert_eq!(held.len(), 2);
    assert!(held.contains(&named) && held.contains(&nameless), "kept to the byte: {held:?}");
    Ok(())
}

pub async fn a_mapped_event_leaves_the_quarantine(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    quarantine(&scene, Listing::Delta, vec![unmappable(&scene.calendar, Some("a"), "1")?]).await?;

    scene.bring(vec![one_off("a", "Mended", 0)]).await?;

    assert_eq!(store.quarantined(&scene.calendar.user).await?, []);
    Ok(())
}

pub async fn a_deleted_event_leaves_the_quarantine(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    quarantine(&scene, Listing::Delta, vec![unmappable(&scene.calendar, Some("a"), "1")?]).await?;

    scene.take(&["a"]).await?;

    assert_eq!(store.quarantined(&scene.calendar.user).await?, []);
    Ok(())
}

pub async fn a_complete_listing_clears_what_it_did_not_bring(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let still = unmappable(&scene.calendar, Some("still"), "1")?;
    let gone = unmappable(&scene.calendar, Some("gone"), "2")?;
    let nameless = unmappable(&scene.calendar, None, "3")?;
    quarantine(&scene, Listing::Delta, vec![still.clone(), gone, nameless]).await?;

    scene.store.commit_page(&page(&scene, ALL, 5, vec![still.clone()])).await?;

    assert_eq!(store.quarantined(&scene.calendar.user).await?, [still]);
    Ok(())
}

pub async fn an_event_that_can_no_longer_be_mapped_stays_as_it_was(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("a", "Readable", 0)]).await?;

    scene
        .store
        .commit_page(&page(&scene, ALL, 5, vec![unmappable(&scene.calendar, Some("a"), "1")?]))
        .await?;

    let stored = store.event(&scene.calendar.event("a")).await?;
    assert_eq!(stored.event.summary.as_deref(), Some("Readable"));
    assert_eq!(store.quarantined(&scene.calendar.user).await?.len(), 1);
    Ok(())
}

async fn quarantine(scene: &Scene, listing: Listing, events: Vec<QuarantinedEvent>) -> Result<CommitCounts> {
    scene.store.commit_page(&page(scene, listing, 0, events)).await
}

fn page(scene: &Scene, listing: Listing, generation: u64, quarantined: Vec<QuarantinedEvent>) -> SyncPage {
    SyncPage { quarantined, ..scene.page(listing, generation) }
}
