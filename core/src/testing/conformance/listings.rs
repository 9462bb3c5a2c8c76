//! Complete listings: the old mirror serves until the new one is whole.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::{Scene, changed, exception, master, one_off};
use crate::{Result, storage::Storage};

const FIRST: (bool, bool) = (true, false);
const LAST: (bool, bool) = (false, true);
const ONLY: (bool, bool) = (true, true);

pub async fn the_old_mirror_is_served_until_the_last_page(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene
        .page_of_all(1, ONLY, vec![one_off("a", "A", 0), one_off("b", "B", 1), one_off("c", "C", 2)])
        .await?;

    scene.page_of_all(2, FIRST, vec![one_off("a", "A, newer", 0)]).await?;

    assert_eq!(scene.ids().await?, ["a", "b", "c"]);
    let newer = store.event(&scene.calendar.event("a")).await?;
    assert_eq!(newer.event.summary.as_deref(), Some("A, newer"));

    scene.page_of_all(2, LAST, vec![one_off("c", "C", 2)]).await?;

    assert_eq!(scene.ids().await?, ["a", "c"]);
    Ok(())
}

pub async fn what_a_complete_listing_did_not_bring_goes_with_a_tombstone(
    store: Arc<dyn Storage>,
) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.page_of_all(1, ONLY, vec![one_off("a", "A", 0), one_off("b", "B", 1)]).await?;
    let cursor = scene.cursor().await?;

    let counts = scene.page_of_all(2, ONLY, vec![one_off("b", "B", 1)]).await?;

    assert_eq!((counts.deleted, counts.unchanged), (1, 1));
    let changes = scene.changes(cursor).await?;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].key, scene.calendar.event("a"));
    assert_eq!(changes[0].event, None);
    Ok(())
}

pub async fn what_an_abandoned_listing_brought_goes_with_the_next(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.page_of_all(1, FIRST, vec![one_off("vanished", "V", 0)]).await?;

    scene.page_of_all(2, ONLY, vec![one_off("a", "A", 0)]).await?;

    assert_eq!(scene.ids().await?, ["a"]);
    Ok(())
}

pub async fn an_exception_that_was_listed_outlives_its_master(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let other = changed(&exception("m", "m_2"), |_| {});
    scene.page_of_all(1, ONLY, vec![master("m"), exception("m", "m_1"), other]).await?;

    scene.page_of_all(2, ONLY, vec![exception("m", "m_1")]).await?;

    assert_eq!(scene.ids().await?, ["m_1"]);
    Ok(())
}

pub async fn a_listing_sweeps_its_own_calendar_only(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let home = Scene::of(&store, "bob", "work@example.com").await?;
    scene.page_of_all(1, ONLY, vec![one_off("a", "A", 0)]).await?;
    home.page_of_all(1, ONLY, vec![one_off("a", "A", 0)]).await?;

    scene.page_of_all(2, ONLY, Vec::new()).await?;

    assert!(scene.ids().await?.is_empty());
    assert_eq!(home.ids().await?, ["a"]);
    Ok(())
}

pub async fn changes_sweep_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.page_of_all(1, ONLY, vec![one_off("a", "A", 0)]).await?;

    scene.bring(vec![one_off("b", "B", 0)]).await?;

    assert_eq!(scene.ids().await?, ["a", "b"]);
    Ok(())
}
