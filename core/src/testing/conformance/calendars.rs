//! Calendar lists.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::{
    embeddings::{page, row},
    scene::{Scene, assert_refused, at, entry, fence, one_off},
};
use crate::{
    ErrorKind, Result,
    model::CalendarListEntry,
    storage::{CalendarListPage, CalendarSettings, Channel, EmbeddingPage, Listing, Storage},
    sync::SyncResource,
};

const ALL: Listing = Listing::Full { first: true, last: true };

pub async fn a_list_and_its_state_land_together(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let page =
        scene.list_page(vec![entry("work@example.com", "Work"), entry("home@example.com", "Home")], ALL);

    let counts = store.commit_calendar_list(&page).await?;

    assert_eq!((counts.added, counts.unchanged), (1, 1));
    let home = store.calendar(&scene.account.calendar("home@example.com")).await?;
    assert_eq!(home.entry, entry("home@example.com", "Home"));
    assert_eq!(home.settings, CalendarSettings::default());
    assert_eq!(store.sync_state(&page.state.resource).await?, Some(page.state));
    Ok(())
}

pub async fn a_list_under_an_old_fence_stores_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let before = store.sync_state(&scene.list_state(0).resource).await?;
    fence(&store, &scene.list_fence.name).await?;

    let page = scene.list_page(vec![entry("home@example.com", "Home")], ALL);
    assert_refused(store.commit_calendar_list(&page).await, ErrorKind::LeaseLost);

    let calendars = store.calendars(&scene.account.user).await?;
    assert_eq!(calendars.len(), 1);
    assert_eq!(calendars[0].key, scene.calendar);
    assert_eq!(store.sync_state(&scene.list_state(0).resource).await?, before);
    Ok(())
}

pub async fn a_list_of_another_account_is_refused(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let bob = Scene::of(&store, "bob", "bob@example.com").await?;

    let foreign_calendar = CalendarListPage {
        entries: vec![(bob.account.calendar("new@example.com"), entry("new@example.com", "New"))],
        ..scene.list_page(Vec::new(), Listing::Delta)
    };
    let state_of_a_calendar =
        CalendarListPage { state: scene.state(0), ..scene.list_page(Vec::new(), Listing::Delta) };

    assert_refused(store.commit_calendar_list(&foreign_calendar).await, ErrorKind::InvalidInput);
    assert_refused(store.commit_calendar_list(&state_of_a_calendar).await, ErrorKind::InvalidInput);
    assert_eq!(store.calendars(&bob.account.user).await?.len(), 1);
    Ok(())
}

pub async fn a_known_calendar_keeps_what_the_person_chose(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let chosen = CalendarSettings { is_selected: false, is_hidden: true };
    store.set_calendar_settings(&scene.calendar, chosen).await?;

    let counts = scene.list(vec![entry("work@example.com", "Work, renamed")], Listing::Delta).await?;

    assert_eq!(counts.updated, 1);
    let stored = store.calendar(&scene.calendar).await?;
    assert_eq!(stored.settings, chosen);
    assert_eq!(stored.entry.summary.as_deref(), Some("Work, renamed"));
    Ok(())
}

pub async fn a_complete_list_removes_calendars_of_its_account_alone(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let bob = Scene::of(&store, "bob", "work@example.com").await?;
    scene.list(vec![entry("home@example.com", "Home")], Listing::Delta).await?;

    let counts = scene.list(vec![entry("home@example.com", "Home")], ALL).await?;

    assert_eq!(counts.deleted, 1);
    let left = store.calendars(&scene.account.user).await?;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].key.calendar.as_str(), "home@example.com");
    assert_eq!(store.calendars(&bob.account.user).await?.len(), 1);
    Ok(())
}

pub async fn a_calendar_that_goes_takes_all_that_hangs_on_it(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("a", "A", 0), one_off("b", "B", 0)]).await?;
    let resource = SyncResource::Events(scene.calendar.clone());
    let channel = Channel {
        id: "channel".into(),
        resource: resource.clone(),
        resource_id: "r".into(),
        token_hash: [1; 32],
        expires_at: at(60),
    };
    store.insert_channel(&channel).await?;
    let key = scene.calendar.event("a");
    let rows = vec![row(&scene, "a", Some([1.0, 0.0]))];
    store.commit_embeddings(&EmbeddingPage { rows, ..page(&scene, "m").await? }).await?;
    let cursor = scene.cursor().await?;

    let mut page = scene.list_page(Vec::new(), Listing::Delta);
    page.deletions = vec!["work@example.com".into(), "never-there@example.com".into()];
    let counts = store.commit_calendar_list(&page).await?;

    assert_eq!(counts.deleted, 1);
    assert_refused(store.calendar(&scene.calendar).await, ErrorKind::NotFound);
    assert_refused(store.event(&key).await, ErrorKind::NotFound);
    assert_eq!(store.sync_state(&resource).await?, None);
    assert_eq!(store.channel(&channel.id).await?, None);
    assert_eq!(store.content_hashes(&scene.account.user, "m", &[key]).await?, [None]);
    assert_eq!(store.event_counts(&scene.account.user).await?, []);
    let changes = scene.changes(cursor).await?;
    assert_eq!(changes.len(), 2, "each event has a tombstone");
    assert!(changes.iter().all(|change| change.event.is_none()));

    assert_refused(scene.bring(vec![one_off("late", "Late", 0)]).await, ErrorKind::NotFound);
    assert_eq!(scene.changes(cursor).await?.len(), 2, "a worker that comes late revives nothing");
    Ok(())
}

pub async fn calendars_come_primary_first_then_by_title(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let primary = CalendarListEntry { primary: Some(true), ..entry("ada@example.com", "Zoe") };
    let renamed =
        CalendarListEntry { summary_override: Some("Alpha".into()), ..entry("1@example.com", "Omega") };
    scene.list(vec![entry("2@example.com", "Beta"), renamed, primary], Listing::Delta).await?;

    let calendars = store.calendars(&scene.account.user).await?;

    let ids: Vec<&str> = calendars.iter().map(|found| found.key.calendar.as_str()).collect();
    assert_eq!(ids, ["ada@example.com", "1@example.com", "2@example.com", "work@example.com"]);
    Ok(())
}

pub async fn an_unknown_calendar_is_not_found(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let nowhere = scene.account.calendar("nowhere@example.com");

    assert_refused(store.calendar(&nowhere).await, ErrorKind::NotFound);
    assert_refused(
        store.set_calendar_settings(&nowhere, CalendarSettings::default()).await,
        ErrorKind::NotFound,
    );
    Ok(())
}
