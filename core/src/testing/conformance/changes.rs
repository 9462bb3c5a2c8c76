//! The change feed.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::{collections::BTreeMap, sync::Arc};

use super::scene::{Scene, master, one_off};
use crate::{
    Result,
    id::EventKey,
    model::Text,
    storage::{ChangeCursor, Storage},
};

pub async fn a_reader_in_small_steps_misses_nothing_and_reads_nothing_twice(
    store: Arc<dyn Storage>,
) -> Result<()> {
    let scene = Scene::new(&store).await?;
    for id in ["a", "b", "c", "d", "e"] {
        scene.bring(vec![one_off(id, "First", 0)]).await?;
    }
    scene.bring(vec![one_off("b", "Second", 0), one_off("d", "Second", 0)]).await?;
    scene.take(&["c"]).await?;

    let mut cursor = ChangeCursor::default();
    let mut read = Vec::new();
    loop {
        let page = store.changes_since(&scene.calendar.user, cursor, 2).await?;
        assert!(page.changes.len() <= 2);
        if page.changes.is_empty() {
            break;
        }
        cursor = page.next;
        read.extend(page.changes);
    }

    let cursors: Vec<ChangeCursor> = read.iter().map(|change| change.cursor).collect();
    assert!(cursors.is_sorted_by(|a, b| a < b), "{cursors:?} rise strictly");
    let last: BTreeMap<&str, usize> =
        read.iter().enumerate().map(|(place, change)| (change.key.event.as_str(), place)).collect();
    assert_eq!(last.keys().copied().collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
    let in_commit_order = ["a", "e", "b", "d", "c"].map(|id| last[id]);
    assert!(in_commit_order.is_sorted(), "the last changes come in the order of their commits: {last:?}");
    Ok(())
}

pub async fn a_reader_who_follows_the_feed_has_the_mirror(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let mut cursor = ChangeCursor::default();
    let mut copy: BTreeMap<EventKey, Option<Text>> = BTreeMap::new();
    for step in 0..12_u32 {
        let id = format!("e{}", step % 5);
        match step % 4 {
            3 => scene.take(&[&id]).await?,
            _ => scene.bring(vec![one_off(&id, &format!("step {step}"), 0), master("m")]).await?,
        };
        let page = store.changes_since(&scene.calendar.user, cursor, 100).await?;
        cursor = page.next;
        for change in page.changes {
            match change.event {
                Some(event) => copy.insert(change.key, event.summary.clone()),
                None => copy.remove(&change.key),
            };
        }
    }

    let mirror = store.events(&scene.calendar.user, &Default::default()).await?;
    let mirror: BTreeMap<_, _> =
        mirror.into_iter().map(|found| (found.key, found.event.summary.clone())).collect();
    assert_eq!(copy, mirror);
    Ok(())
}

pub async fn a_feed_begins_and_ends_at_its_own_cursor(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let user = &scene.calendar.user;
    let empty = store.changes_since(user, ChangeCursor::default(), 10).await?;
    assert_eq!((empty.changes.len(), empty.next), (0, ChangeCursor::default()));

    scene.bring(vec![one_off("a", "A", 0)]).await?;
    let end = scene.cursor().await?;

    let page = store.changes_since(user, end, 10).await?;
    assert_eq!((page.changes.len(), page.next), (0, end));
    Ok(())
}
