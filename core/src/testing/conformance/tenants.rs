//! No row of one user is ever seen or written by another.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::{
    consents::consent,
    embeddings::{page, query, row},
    grants::grant,
    scene::{Scene, assert_refused, at, one_off, unmappable},
};
use crate::{
    ErrorKind, Result,
    approval::{Approval, ApprovalState},
    id::{AccountKey, CalendarKey, EventKey, UserId},
    storage::{
        ApprovalQuery, CalendarSettings, ChangeCursor, Channel, EmbeddingPage, EmbeddingStatus, EventQuery,
        Listing, SearchFilter, Storage, SyncPage, VectorQuery, WordQuery,
    },
    sync::SyncResource,
};

pub async fn another_user_sees_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let ada = everything(&store).await?;
    let mallory = UserId::from("mallory");
    // The same names under another user: only the user keeps them apart.
    let account = AccountKey { user: mallory.clone(), account: ada.account.account.clone() };
    let calendar = CalendarKey { user: mallory.clone(), ..ada.calendar.clone() };
    let event = EventKey { user: mallory.clone(), ..ada.calendar.event("a") };
    let calendars = Some(vec![ada.calendar.clone()]);
    let by_name = EventQuery { calendars: calendars.clone(), ..EventQuery::default() };

    assert_eq!(store.calendars(&mallory).await?, []);
    assert_refused(store.calendar(&calendar).await, ErrorKind::NotFound);
    assert_refused(store.event(&event).await, ErrorKind::NotFound);
    assert_eq!(store.events(&mallory, &EventQuery::default()).await?, []);
    assert_eq!(store.events(&mallory, &by_name).await?, []);
    assert_eq!(store.event_counts(&mallory).await?, []);
    assert_eq!(store.changes_since(&mallory, ChangeCursor::default(), 10).await?.changes, []);
    assert_eq!(store.quarantined(&mallory).await?, []);
    assert_eq!(store.sync_state(&SyncResource::Events(calendar.clone())).await?, None);
    assert_eq!(store.sync_state(&SyncResource::CalendarList(account.clone())).await?, None);
    assert_eq!(store.sync_states(&mallory).await?, []);
    assert_refused(store.approval(&mallory, &"approval".into()).await, ErrorKind::NotFound);
    assert_eq!(store.approvals(&mallory, &ApprovalQuery::default()).await?, []);
    assert_eq!(store.channels(&mallory).await?, []);
    assert_eq!(store.events_by_key(&mallory, &[event.clone(), ada.calendar.event("a")]).await?, []);
    assert_eq!(store.content_hashes(&mallory, "m", &[event, ada.calendar.event("a")]).await?, [None, None]);
    assert_eq!(store.embedding_status(&mallory, "m").await?, EmbeddingStatus::default());
    for filter in [SearchFilter::default(), SearchFilter { calendars, ..SearchFilter::default() }] {
        assert_eq!(store.nearest(&mallory, &VectorQuery { filter: filter.clone(), ..query("m") }).await?, []);
        let by_words = WordQuery { words: vec!["a".into()], filter, limit: 10 };
        assert_eq!(store.matching(&ada.account.user, &by_words).await?.len(), 1);
        assert_eq!(store.matching(&mallory, &by_words).await?, []);
    }
    assert!(store.grant(&account).await?.is_none());
    assert_eq!(store.granted_accounts(&mallory).await?, []);
    assert!(store.take_consent(&mallory, &[1; 32]).await?.is_none());
    assert_eq!(store.audit(&mallory, 0, 10).await?, []);
    assert_eq!(store.audit_end(&mallory).await?.number, 0);
    Ok(())
}

pub async fn another_user_changes_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let ada = everything(&store).await?;
    let mallory = Scene::of(&store, "mallory", "work@example.com").await?;
    let account = AccountKey { user: "mallory".into(), ..ada.account.clone() };
    let seen = seen(&store, &ada).await?;

    mallory.page_of_all(7, (true, true), vec![one_off("a", "Mallory's", 0)]).await?;
    mallory.take(&["a", "b"]).await?;
    store.mark_dirty(&mallory.state(0).resource).await?;
    store
        .set_calendar_settings(&mallory.calendar, CalendarSettings { is_selected: false, is_hidden: true })
        .await?;
    mallory.list(Vec::new(), Listing::Full { first: true, last: true }).await?;
    store.delete_grant(&account).await?;
    store.forget_account(&account, &mallory.audit("account.disconnected")).await?;
    store.append_audit(&mallory.audit("x")).await?;
    let stolen = Approval { user: "mallory".into(), ..ada.approval("approval") };
    let step = mallory.step(&stolen, ApprovalState::Approved);
    assert_refused(store.transition(&step).await, ErrorKind::NotFound);

    assert_eq!(self::seen(&store, &ada).await?, seen);
    Ok(())
}

/// Ada with one row of everything.
async fn everything(store: &Arc<dyn Storage>) -> Result<Scene> {
    let ada = Scene::new(store).await?;
    let quarantined = vec![unmappable(&ada.calendar, Some("bad"), "1")?];
    let events = vec![one_off("a", "A", 0), one_off("b", "B", 1)];
    store.commit_page(&SyncPage { events, quarantined, ..ada.page(Listing::Delta, 0) }).await?;
    store.insert_approval(&ada.approval("approval"), &ada.audit("approval.requested")).await?;
    let rows = vec![row(&ada, "a", Some([1.0, 0.0]))];
    store.commit_embeddings(&EmbeddingPage { rows, ..page(&ada, "m").await? }).await?;
    let channel = Channel {
        id: "channel".into(),
        resource: SyncResource::Events(ada.calendar.clone()),
        resource_id: "r".into(),
        token_hash: [1; 32],
        expires_at: at(60),
    };
    store.insert_channel(&channel).await?;
    store.put_grant(&ada.account, &grant("secret", None)).await?;
    store.put_consent(&[1; 32], &consent("ada", 10)).await?;
    Ok(ada)
}

/// All that Ada's rows say, in words.
async fn seen(store: &Arc<dyn Storage>, ada: &Scene) -> Result<String> {
    let user = &ada.account.user;
    Ok(format!(
        "{:?}",
        (
            store.calendars(user).await?,
            store.events(user, &EventQuery::default()).await?,
            store.changes_since(user, ChangeCursor::default(), 100).await?,
            store.quarantined(user).await?,
            store.sync_states(user).await?,
            store.approvals(user, &ApprovalQuery::default()).await?,
            store.channels(user).await?,
            store.nearest(user, &query("m")).await?,
            store.embedding_status(user, "m").await?,
            store.granted_accounts(user).await?,
            store.audit(user, 0, 100).await?,
        )
    ))
}
