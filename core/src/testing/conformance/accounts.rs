//! Whole accounts.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::{
    consents::consent,
    embeddings::{page, query, row},
    grants::grant,
    scene::{Scene, assert_refused, at, entry, fence, one_off, unmappable},
};
use crate::{
    ErrorKind, Result,
    approval::ApprovalState,
    audit::verify,
    id::AccountKey,
    storage::{
        CalendarListPage, ChangeCursor, Channel, EmbeddingPage, EventQuery, Forgotten, Listing,
        PendingConsent, Storage, SyncPage,
    },
    sync::SyncResource,
};

pub async fn a_forgotten_account_leaves_nothing_but_tombstones_approvals_and_audit(
    store: Arc<dyn Storage>,
) -> Result<()> {
    let ada = everything(&store, Scene::new(&store).await?).await?;
    let user = &ada.account.user;
    let before = ada.cursor().await?;

    let forgotten = store.forget_account(&ada.account, &ada.audit("account.disconnected")).await?;

    assert_eq!(forgotten, Forgotten { calendars: 1, events: 2 });
    assert_eq!(store.calendars(user).await?, []);
    assert_eq!(store.events(user, &EventQuery::default()).await?, []);
    assert_eq!(store.event_counts(user).await?, []);
    assert_eq!(store.quarantined(user).await?, []);
    assert_eq!(store.sync_states(user).await?, []);
    assert_eq!(store.channels(user).await?, []);
    assert_eq!(store.nearest(user, &query("m")).await?, []);
    assert_eq!(store.content_hashes(user, "m", &[ada.calendar.event("a")]).await?, [None]);
    assert_eq!(store.granted_accounts(user).await?, []);
    assert!(store.grant(&ada.account).await?.is_none());
    assert!(store.take_consent(user, &[1; 32]).await?.is_none());
    assert!(store.take_consent(user, &[2; 32]).await?.is_some(), "it may be for any account");
    let gone: Vec<_> = ada.changes(before).await?;
    assert_eq!(gone.iter().filter(|change| change.event.is_none()).count(), 2, "{gone:?}");
    assert_eq!(store.approval(user, &"approval".into()).await?.state, ApprovalState::Pending);
    let records = store.audit(user, 0, 100).await?;
    assert_eq!(records.last().map(|record| record.entry.action.as_str()), Some("account.disconnected"));
    assert_eq!(verify(user, &records)?, store.audit_end(user).await?);
    Ok(())
}

pub async fn what_is_of_other_accounts_stays(store: Arc<dyn Storage>) -> Result<()> {
    let work = everything(&store, Scene::new(&store).await?).await?;
    let home = second_account(&store).await?;
    let bob = Scene::of(&store, "bob", "work@example.com").await?;
    for other in [&home, &bob] {
        other.bring(vec![one_off("a", "A", 0)]).await?;
        store.put_grant(&other.account, &grant("other", None)).await?;
        store.insert_channel(&channel(other, other.account.account.as_str())).await?;
    }

    store.forget_account(&work.account, &work.audit("account.disconnected")).await?;

    for other in [&home, &bob] {
        let user = &other.account.user;
        assert_eq!(other.ids().await?, ["a"]);
        assert_eq!(store.sync_states(user).await?.len(), 2);
        assert_eq!(store.channels(user).await?.len(), 1);
        assert!(store.grant(&other.account).await?.is_some());
        other.bring(vec![one_off("b", "B", 0)]).await?;
    }
    Ok(())
}

pub async fn a_worker_on_a_forgotten_account_stores_nothing_more(store: Arc<dyn Storage>) -> Result<()> {
    let ada = Scene::new(&store).await?;
    ada.bring(vec![one_off("a", "A", 0)]).await?;
    store.forget_account(&ada.account, &ada.audit("account.disconnected")).await?;

    assert_refused(ada.bring(vec![one_off("b", "B", 0)]).await, ErrorKind::LeaseLost);
    let list: CalendarListPage = ada.list_page(vec![entry("work@example.com", "Work")], Listing::Delta);
    assert_refused(store.commit_calendar_list(&list).await, ErrorKind::LeaseLost);
    assert_refused(store.save_sync_state(&ada.list_state(0), &ada.list_fence).await, ErrorKind::LeaseLost);
    assert_refused(store.insert_channel(&channel(&ada, "late")).await, ErrorKind::NotFound);
    let renewed = store.renew_grant(&ada.account, &grant("old", None), &grant("new", None)).await?;

    let user = &ada.account.user;
    assert!(!renewed);
    assert_eq!((store.calendars(user).await?.len(), store.sync_states(user).await?.len()), (0, 0));
    assert_eq!((ada.ids().await?.len(), store.channels(user).await?.len()), (0, 0));
    Ok(())
}

pub async fn an_account_may_be_connected_again(store: Arc<dyn Storage>) -> Result<()> {
    let ada = Scene::new(&store).await?;
    ada.bring(vec![one_off("a", "A", 0)]).await?;
    store.forget_account(&ada.account, &ada.audit("account.disconnected")).await?;
    let gone = ada.cursor().await?;

    let again = Scene::new(&store).await?;
    again.bring(vec![one_off("a", "A", 0)]).await?;

    assert_eq!(again.ids().await?, ["a"]);
    assert_eq!(again.changes(gone).await?.len(), 1);
    assert!(gone > ChangeCursor::default());
    Ok(())
}

pub async fn an_account_is_not_forgotten_under_the_audit_of_another_user(
    store: Arc<dyn Storage>,
) -> Result<()> {
    let (ada, bob) = (Scene::new(&store).await?, Scene::of(&store, "bob", "b@example.com").await?);
    ada.bring(vec![one_off("a", "A", 0)]).await?;

    let refused = store.forget_account(&ada.account, &bob.audit("account.disconnected")).await;

    assert_refused(refused, ErrorKind::InvalidInput);
    assert_eq!(ada.ids().await?, ["a"]);
    assert_eq!(store.audit(&bob.account.user, 0, 10).await?, []);
    Ok(())
}

/// The account of `scene` with one row of everything.
async fn everything(store: &Arc<dyn Storage>, scene: Scene) -> Result<Scene> {
    let quarantined = vec![unmappable(&scene.calendar, Some("bad"), "1")?];
    let events = vec![one_off("a", "A", 0), one_off("b", "B", 1)];
    store.commit_page(&SyncPage { events, quarantined, ..scene.page(Listing::Delta, 0) }).await?;
    let rows = vec![row(&scene, "a", Some([1.0, 0.0]))];
    store.commit_embeddings(&EmbeddingPage { rows, ..page(&scene, "m").await? }).await?;
    store.insert_approval(&scene.approval("approval"), &scene.audit("approval.requested")).await?;
    store.insert_channel(&channel(&scene, "events")).await?;
    let list = SyncResource::CalendarList(scene.account.clone());
    store.insert_channel(&Channel { resource: list, ..channel(&scene, "list") }).await?;
    store.put_grant(&scene.account, &grant("secret", None)).await?;
    let upgrade = PendingConsent { account: Some(scene.account.account.clone()), ..consent("ada", 10) };
    store.put_consent(&[1; 32], &upgrade).await?;
    store.put_consent(&[2; 32], &consent("ada", 10)).await?;
    Ok(scene)
}

/// Another account of Ada's, with a calendar of the same name.
async fn second_account(store: &Arc<dyn Storage>) -> Result<Scene> {
    let account = AccountKey::new("ada", "home@example.com");
    let calendar = account.calendar("work@example.com");
    let list = SyncResource::CalendarList(account.clone());
    let scene = Scene {
        store: store.clone(),
        fence: fence(store, &SyncResource::Events(calendar.clone()).lease_name()).await?,
        list_fence: fence(store, &list.lease_name()).await?,
        account,
        calendar,
    };
    scene.list(vec![entry("work@example.com", "Work")], Listing::Delta).await?;
    store.create_sync_state(&scene.state(0)).await?;
    Ok(scene)
}

fn channel(scene: &Scene, id: &str) -> Channel {
    Channel {
        id: id.into(),
        resource: SyncResource::Events(scene.calendar.clone()),
        resource_id: format!("resource of {id}"),
        token_hash: [9; 32],
        expires_at: at(60),
    }
}
