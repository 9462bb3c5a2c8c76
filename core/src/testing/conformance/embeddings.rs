//! Embeddings.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::{sync::Arc, time::Duration};

use super::scene::{HOUR, Scene, assert_refused, at, fence, one_off};
use crate::{
    ErrorKind, Result,
    id::{CalendarKey, EventKey},
    storage::{
        ChangeCursor, EmbeddingPage, EmbeddingProgress, EmbeddingRow, SearchFilter, Storage, VectorQuery,
    },
};

pub async fn the_nearest_come_first(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embed(&scene, "m", &[("same", [2.0, 0.0]), ("near", [1.0, 1.0]), ("far", [-1.0, 0.0])]).await?;

    let nearest = store.nearest(&scene.account.user, &VectorQuery { limit: 2, ..query("m") }).await?;

    let ids: Vec<&str> = nearest.iter().map(|found| found.key.event.as_str()).collect();
    assert_eq!(ids, ["same", "near"]);
    // A store may keep half precision: 11 bits.
    assert!((nearest[0].similarity - 1.0).abs() < 1e-3, "{nearest:?}");
    assert!((nearest[1].similarity - std::f32::consts::FRAC_1_SQRT_2).abs() < 1e-3, "{nearest:?}");
    Ok(())
}

pub async fn only_the_model_and_the_calendars_asked_for_count(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embed(&scene, "m", &[("a", [1.0, 0.0])]).await?;
    embed(&scene, "other model", &[("b", [1.0, 0.0])]).await?;
    let nearest = async |calendars: Option<Vec<CalendarKey>>| -> Result<Vec<String>> {
        let filter = SearchFilter { calendars, ..SearchFilter::default() };
        ids(&scene, &VectorQuery { filter, ..query("m") }).await
    };

    assert_eq!(nearest(None).await?, ["a"]);
    assert_eq!(nearest(Some(vec![scene.calendar.clone()])).await?, ["a"]);
    assert!(nearest(Some(vec![scene.account.calendar("home@example.com")])).await?.is_empty());
    assert!(nearest(Some(Vec::new())).await?.is_empty());
    let other_dimensions = VectorQuery { vector: vec![1.0, 0.0, 0.0], ..query("m") };
    assert!(ids(&scene, &other_dimensions).await?.is_empty());
    Ok(())
}

pub async fn an_embedding_goes_with_its_event(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embed(&scene, "m", &[("a", [1.0, 0.0]), ("b", [1.0, 0.0])]).await?;
    assert_eq!(hashes(&scene, "m", &["a", "b"]).await?, [true, true]);

    scene.take(&["a"]).await?;

    assert_eq!(hashes(&scene, "m", &["a", "b"]).await?, [false, true]);
    assert_eq!(ids(&scene, &query("m")).await?, ["b"]);
    Ok(())
}

pub async fn an_event_not_mirrored_gets_no_embedding(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let rows = vec![row(&scene, "deleted meanwhile", Some([1.0, 0.0]))];

    store.commit_embeddings(&EmbeddingPage { rows, ..page(&scene, "m").await? }).await?;

    assert_eq!(hashes(&scene, "m", &["deleted meanwhile"]).await?, [false]);
    Ok(())
}

pub async fn a_refused_text_is_known_and_near_to_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embed(&scene, "m", &[("a", [1.0, 0.0])]).await?;

    let rows = vec![row(&scene, "a", None)];
    store.commit_embeddings(&EmbeddingPage { rows, ..page(&scene, "m").await? }).await?;

    assert_eq!(hashes(&scene, "m", &["a", "b"]).await?, [true, false]);
    assert!(ids(&scene, &query("m")).await?.is_empty());
    Ok(())
}

pub async fn what_is_removed_is_no_longer_found(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embed(&scene, "m", &[("a", [1.0, 0.0]), ("b", [1.0, 0.0])]).await?;

    let removed = vec![scene.calendar.event("a")];
    store.commit_embeddings(&EmbeddingPage { removed, ..page(&scene, "m").await? }).await?;

    assert_eq!(ids(&scene, &query("m")).await?, ["b"]);
    assert_eq!(hashes(&scene, "m", &["a", "b"]).await?, [false, true]);
    Ok(())
}

pub async fn embeddings_under_an_old_fence_are_not_stored(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("a", "A", 0)]).await?;
    let rows = vec![row(&scene, "a", Some([1.0, 0.0]))];
    let late = EmbeddingPage { rows, ..page(&scene, "m").await? };
    fence(&store, &late.fence.name).await?;

    assert_refused(store.commit_embeddings(&late).await, ErrorKind::LeaseLost);

    assert_eq!(hashes(&scene, "m", &["a"]).await?, [false]);
    assert_eq!(
        store.embedding_status(&scene.account.user, "m").await?.progress,
        EmbeddingProgress::default()
    );
    Ok(())
}

pub async fn embeddings_that_do_not_belong_are_refused(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embed(&scene, "m", &[("a", [1.0, 0.0])]).await?;
    let refused = async |page: EmbeddingPage| {
        assert_refused(store.commit_embeddings(&page).await, ErrorKind::InvalidInput);
    };
    let wrong = |vector: &[f32]| EmbeddingRow {
        embedding: Some(vector.to_vec()),
        ..row(&scene, "a", Some([1.0, 0.0]))
    };

    refused(EmbeddingPage { dimensions: 3, ..page(&scene, "m").await? }).await;
    refused(EmbeddingPage { rows: vec![wrong(&[1.0])], ..page(&scene, "m").await? }).await;
    refused(EmbeddingPage { rows: vec![wrong(&[f32::NAN, 0.0])], ..page(&scene, "m").await? }).await;
    refused(EmbeddingPage { user: "eve".into(), ..with_row(&scene, "m").await? }).await;
    assert_eq!(ids(&scene, &query("m")).await?, ["a"]);
    Ok(())
}

pub async fn who_is_behind_the_feed_is_due(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let due = async || -> Result<Vec<String>> {
        let due = store.embeddings_due("m", at(0), 10).await?;
        Ok(due.iter().map(ToString::to_string).collect())
    };
    assert!(due().await?.is_empty(), "nothing ever changed");

    scene.bring(vec![one_off("a", "A", 0)]).await?;
    assert_eq!(due().await?, ["ada"]);

    let progress = EmbeddingProgress { place: scene.cursor().await?, caught_up: true, ..waiting(None) };
    store.commit_embeddings(&EmbeddingPage { progress, ..page(&scene, "m").await? }).await?;
    assert!(due().await?.is_empty());
    let status = store.embedding_status(&scene.account.user, "m").await?;
    assert_eq!((status.progress, status.dimensions, status.is_complete()), (progress, Some(2), true));
    assert_eq!(store.embeddings_due("other model", at(0), 10).await?.len(), 1);

    scene.bring(vec![one_off("b", "B", 0)]).await?;
    assert!(!store.embedding_status(&scene.account.user, "m").await?.is_complete());
    assert_eq!(due().await?, ["ada"]);
    let later = waiting(Some(Duration::from_secs(60)));
    store.commit_embeddings(&EmbeddingPage { progress: later, ..page(&scene, "m").await? }).await?;
    assert!(due().await?.is_empty());
    assert_eq!(store.embeddings_due("m", at(1), 10).await?.len(), 1);
    Ok(())
}

pub async fn who_waits_longest_is_due_first(store: Arc<dyn Storage>) -> Result<()> {
    let ada = Scene::new(&store).await?;
    let bob = Scene::of(&store, "bob", "home@example.com").await?;
    for scene in [&ada, &bob] {
        scene.bring(vec![one_off("a", "A", 0)]).await?;
    }
    store.commit_embeddings(&page(&ada, "m").await?).await?;

    let due = store.embeddings_due("m", at(0), 1).await?;

    assert_eq!(due, ["bob".into()], "for ada something was stored, though she is not done");
    assert_eq!(store.embeddings_due("m", at(0), 10).await?, ["bob".into(), "ada".into()]);
    Ok(())
}

pub async fn a_model_that_is_dropped_is_forgotten(store: Arc<dyn Storage>) -> Result<()> {
    let ada = Scene::new(&store).await?;
    let bob = Scene::of(&store, "bob", "home@example.com").await?;
    embed(&ada, "old", &[("a", [1.0, 0.0]), ("b", [1.0, 0.0])]).await?;
    embed(&bob, "old", &[("a", [1.0, 0.0])]).await?;
    embed(&ada, "new", &[("a", [1.0, 0.0])]).await?;

    assert_eq!(store.drop_embeddings("old").await?, 3);

    assert!(ids(&ada, &query("old")).await?.is_empty());
    assert_eq!(ids(&ada, &query("new")).await?, ["a"]);
    assert_eq!(store.embedding_status(&bob.account.user, "old").await?.dimensions, None);
    assert_eq!(store.drop_embeddings("old").await?, 0);
    Ok(())
}

/// One-offs with embeddings by `model`.
pub(super) async fn embed(scene: &Scene, model: &str, events: &[(&str, [f32; 2])]) -> Result<()> {
    scene.bring(events.iter().map(|(id, _)| one_off(id, id, 0)).collect()).await?;
    let rows = events.iter().map(|(id, vector)| row(scene, id, Some(*vector))).collect();
    scene.store.commit_embeddings(&EmbeddingPage { rows, ..page(scene, model).await? }).await
}

/// An empty page of the first two dimensions, under a fresh lease.
pub(super) async fn page(scene: &Scene, model: &str) -> Result<EmbeddingPage> {
    let user = scene.account.user.clone();
    let fence = fence(&scene.store, &format!("embed {user} {model}")).await?;
    let progress = EmbeddingProgress { place: ChangeCursor(0), ..EmbeddingProgress::default() };
    let (rows, removed) = (Vec::new(), Vec::new());
    Ok(EmbeddingPage { user, model: model.into(), dimensions: 2, rows, removed, progress, fence })
}

async fn with_row(scene: &Scene, model: &str) -> Result<EmbeddingPage> {
    Ok(EmbeddingPage { rows: vec![row(scene, "a", Some([1.0, 0.0]))], ..page(scene, model).await? })
}

pub(super) fn row(scene: &Scene, id: &str, vector: Option<[f32; 2]>) -> EmbeddingRow {
    let embedding = vector.map(|vector| vector.to_vec());
    EmbeddingRow { key: scene.calendar.event(id), content_hash: [3; 32], embedding }
}

/// What lies where `[1, 0]` points.
pub(super) fn query(model: &str) -> VectorQuery {
    let filter = SearchFilter::default();
    VectorQuery { model: model.into(), vector: vec![1.0, 0.0], filter, limit: 10 }
}

async fn ids(scene: &Scene, query: &VectorQuery) -> Result<Vec<String>> {
    let nearest = scene.store.nearest(&scene.account.user, query).await?;
    Ok(nearest.iter().map(|found| found.key.event.to_string()).collect())
}

/// Whether each has an embedding, or a refusal.
async fn hashes(scene: &Scene, model: &str, ids: &[&str]) -> Result<Vec<bool>> {
    let keys: Vec<EventKey> = ids.iter().map(|id| scene.calendar.event(*id)).collect();
    let hashes = scene.store.content_hashes(&scene.account.user, model, &keys).await?;
    assert!(hashes.iter().flatten().all(|hash| *hash == [3; 32]));
    Ok(hashes.iter().map(Option::is_some).collect())
}

fn waiting(wait: Option<Duration>) -> EmbeddingProgress {
    let retry_at = wait.map(|wait| at(0) + wait.min(HOUR));
    EmbeddingProgress { failures: u32::from(wait.is_some()), retry_at, ..EmbeddingProgress::default() }
}
