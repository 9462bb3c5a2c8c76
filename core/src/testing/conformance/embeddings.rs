//! Embeddings.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::{Scene, one_off};
use crate::{
    Result,
    id::CalendarKey,
    storage::{EmbeddingRow, Storage},
};

pub async fn the_nearest_come_first(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embedded(&scene, "m", &[("same", [2.0, 0.0]), ("near", [1.0, 1.0]), ("far", [-1.0, 0.0])]).await?;

    let nearest = store.nearest(&scene.account.user, "m", &vec![1.0, 0.0], None, 2).await?;

    let ids: Vec<&str> = nearest.iter().map(|found| found.key.event.as_str()).collect();
    assert_eq!(ids, ["same", "near"]);
    assert!((nearest[0].similarity - 1.0).abs() < 1e-5, "{nearest:?}");
    assert!((nearest[1].similarity - std::f32::consts::FRAC_1_SQRT_2).abs() < 1e-5, "{nearest:?}");
    Ok(())
}

pub async fn only_the_model_and_the_calendars_asked_for_count(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embedded(&scene, "m", &[("a", [1.0, 0.0])]).await?;
    embedded(&scene, "other model", &[("b", [1.0, 0.0])]).await?;
    let user = &scene.account.user;
    let nearest = async |calendars: Option<&[CalendarKey]>| -> Result<Vec<String>> {
        let found = store.nearest(user, "m", &vec![1.0, 0.0], calendars, 10).await?;
        Ok(found.iter().map(|found| found.key.event.to_string()).collect())
    };

    assert_eq!(nearest(None).await?, ["a"]);
    assert_eq!(nearest(Some(std::slice::from_ref(&scene.calendar))).await?, ["a"]);
    assert!(nearest(Some(&[scene.account.calendar("home@example.com")])).await?.is_empty());
    assert!(nearest(Some(&[])).await?.is_empty());
    Ok(())
}

pub async fn an_embedding_goes_with_its_event(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    embedded(&scene, "m", &[("a", [1.0, 0.0]), ("b", [1.0, 0.0])]).await?;
    let key = scene.calendar.event("a");
    assert_eq!(store.content_hash(&key, "m").await?, Some([3; 32]));

    scene.take(&["a"]).await?;

    assert_eq!(store.content_hash(&key, "m").await?, None);
    let nearest = store.nearest(&scene.account.user, "m", &vec![1.0, 0.0], None, 10).await?;
    assert_eq!(nearest.len(), 1);
    Ok(())
}

pub async fn an_event_not_mirrored_gets_no_embedding(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let late = row(&scene, "deleted meanwhile", "m", [1.0, 0.0]);

    store.put_embeddings(std::slice::from_ref(&late)).await?;

    assert_eq!(store.content_hash(&late.key, "m").await?, None);
    Ok(())
}

async fn embedded(scene: &Scene, model: &str, events: &[(&str, [f32; 2])]) -> Result<()> {
    scene.bring(events.iter().map(|(id, _)| one_off(id, id, 0)).collect()).await?;
    let rows: Vec<EmbeddingRow> = events.iter().map(|(id, vector)| row(scene, id, model, *vector)).collect();
    scene.store.put_embeddings(&rows).await
}

fn row(scene: &Scene, id: &str, model: &str, vector: [f32; 2]) -> EmbeddingRow {
    EmbeddingRow {
        key: scene.calendar.event(id),
        content_hash: [3; 32],
        model: model.into(),
        embedding: vector.to_vec(),
    }
}
