//! The end of an account: at Google, in the store, and for whoever was at work on it.

use std::time::Duration;

use fake_google::{Fault, FaultKind};
use flows::ADA;
use theo_calendar::{
    ErrorKind,
    approval::{ApprovalState, Principal},
    audit,
    auth::scope::Capability,
    id::AccountKey,
    storage::{ChangeCursor, EventQuery},
    sync::SyncResource,
};

use super::STORE;
use crate::host::{HOME, Host};

fn ada() -> Principal {
    Principal::User("ada".into())
}

/// A host where both accounts are synced, with three events each and a push channel on the first.
async fn synced() -> Host {
    let host = Host::new(STORE).await;
    for account in [ADA, HOME] {
        host.connect(account, &[Capability::Read, Capability::Write]).await;
        for hours in 1..=3 {
            host.person.event(account, "Lunch", hours);
        }
    }
    assert!(host.service.incremental_sync(&host.user()).await.unwrap().is_complete());
    host.service.register_webhook(&SyncResource::Events(host.person.key(ADA))).await.unwrap();
    host.service.register_webhook(&SyncResource::CalendarList(host.person.account.clone())).await.unwrap();
    host
}

/// What is left of an account: calendars, events, states, channels, whether there is a grant.
async fn left(host: &Host, account: &str) -> (usize, usize, usize, usize, bool) {
    let (store, user) = (&host.person.store, host.user());
    let query = EventQuery { include_cancelled: true, ..EventQuery::default() };
    let calendars = store.calendars(&user).await.unwrap();
    let events = store.events(&user, &query).await.unwrap();
    let states = store.sync_states(&user).await.unwrap();
    let channels = store.channels(&user).await.unwrap();
    let is_its = |resource: &SyncResource| resource.account().account.as_str() == account;
    (
        calendars.iter().filter(|calendar| calendar.key.account.as_str() == account).count(),
        events.iter().filter(|event| event.key.account.as_str() == account).count(),
        states.iter().filter(|state| is_its(&state.resource)).count(),
        channels.iter().filter(|channel| is_its(&channel.resource)).count(),
        store.grant(&AccountKey::new(user, account)).await.unwrap().is_some(),
    )
}

#[tokio::test]
async fn a_disconnected_account_leaves_nothing_here_and_no_access_at_google() {
    let host = synced().await;
    let grant = host.person.store.grant(&host.person.account).await.unwrap().unwrap();
    let home = left(&host, HOME).await;
    assert_eq!(host.person.google.channels().len(), 2);

    let disconnected = host.service.disconnect(&ada(), &host.person.account).await.unwrap();

    assert!(disconnected.not_revoked.is_none() && disconnected.channels_left == 0, "{disconnected:?}");
    assert_eq!((disconnected.forgotten.calendars, disconnected.forgotten.events), (1, 3));
    assert_eq!(left(&host, ADA).await, (0, 0, 0, 0, false));
    assert_eq!(left(&host, HOME).await, home);
    assert_eq!(host.person.google.channels().len(), 0);
    host.person.store.put_grant(&host.person.account, &grant).await.unwrap();
    let dead = host.person.client().for_account(&host.person.account).event(&ADA.into(), &"x".into()).await;
    assert_eq!(dead.unwrap_err().kind(), ErrorKind::GrantRevoked);
    let changes =
        host.service.changes_since(&host.user(), ChangeCursor::default(), 100).await.unwrap().changes;
    let gone = changes.iter().filter(|change| change.event.is_none());
    assert_eq!(gone.filter(|change| change.key.account.as_str() == ADA).count(), 3);
}

#[tokio::test]
async fn the_audit_stays_and_says_who_disconnected() {
    let host = synced().await;
    let before = host.person.store.audit(&host.user(), 0, 100).await.unwrap().len();

    host.service.disconnect(&ada(), &host.person.account).await.unwrap();

    let records = host.person.store.audit(&host.user(), 0, 100).await.unwrap();
    assert_eq!(records.len(), before + 1);
    let entry = &records.last().unwrap().entry;
    assert_eq!(entry.action, "account.disconnected");
    assert!(entry.summary.starts_with(ADA) && entry.summary.contains("revoked"), "{}", entry.summary);
    audit::verify(&host.user(), &records).unwrap();
}

#[tokio::test]
async fn neither_an_agent_nor_another_user_disconnects_an_account() {
    let host = synced().await;
    let theo = Principal::Agent { user: "ada".into(), name: "theo".into() };

    let agent = host.service.disconnect(&theo, &host.person.account).await.unwrap_err();
    let other =
        host.service.disconnect(&Principal::User("mallory".into()), &host.person.account).await.unwrap_err();

    assert_eq!((agent.kind(), other.kind()), (ErrorKind::NotPermitted, ErrorKind::NotFound));
    assert_eq!(left(&host, ADA).await, (1, 3, 2, 2, true));
}

#[tokio::test]
async fn what_was_open_on_the_account_is_ended_with_a_record_each() {
    let host = synced().await;
    let (pending, approved) = (host.asked(ADA).await, host.approved(ADA).await);
    let other = host.asked(HOME).await;

    let disconnected = host.service.disconnect(&ada(), &host.person.account).await.unwrap();

    let mut ended = disconnected.ended;
    ended.sort();
    let mut open = [pending.id.clone(), approved.id.clone()];
    open.sort();
    assert_eq!(ended, open);
    let records = host.person.store.audit(&host.user(), 0, 100).await.unwrap();
    for id in &open {
        let approval = host.service.approval(&host.user(), id).await.unwrap();
        assert_eq!(approval.state, ApprovalState::Rejected);
        assert_eq!(approval.notes.as_deref(), Some("the account was disconnected"));
        let mut of_it = records.iter().filter(|record| record.entry.approval.as_ref() == Some(id));
        assert_eq!(of_it.next_back().unwrap().entry.action, "approval.rejected");
        assert!(host.service.execute(&host.user(), id).await.is_err());
    }
    let other = host.service.approval(&host.user(), &other.id).await.unwrap();
    assert_eq!(other.state, ApprovalState::Pending);
    assert_eq!(host.person.google.requests("events.insert"), 0);
}

#[tokio::test]
async fn a_change_in_doubt_is_read_back_before_the_access_is_gone() {
    let host = synced().await;
    let approval = host.approved(ADA).await;
    host.person.google.fault(Fault::once("events.insert", FaultKind::DropAfter));
    host.person.google.fault(Fault::times("events.get", 20, FaultKind::DropBefore));
    let unknown = host.service.execute(&host.user(), &approval.id).await.unwrap();
    assert_eq!(unknown.state, ApprovalState::Unknown);
    host.person.google.clear_faults();

    host.service.disconnect(&ada(), &host.person.account).await.unwrap();

    let ended = host.service.approval(&host.user(), &approval.id).await.unwrap();
    assert_eq!(ended.state, ApprovalState::Executed, "{:?}", ended.outcome);
}

#[tokio::test]
async fn a_change_that_can_no_longer_be_read_back_ends_saying_so() {
    let host = synced().await;
    let approval = host.approved(ADA).await;
    host.person.google.fault(Fault::once("events.insert", FaultKind::DropAfter));
    host.person.google.fault(Fault::times("events.get", 20, FaultKind::DropBefore));
    host.service.execute(&host.user(), &approval.id).await.unwrap();
    host.person.google.revoke(ADA);

    let disconnected = host.service.disconnect(&ada(), &host.person.account).await.unwrap();

    assert!(disconnected.not_revoked.is_none(), "it was over already: {disconnected:?}");
    let ended = host.service.approval(&host.user(), &approval.id).await.unwrap();
    assert_eq!(ended.state, ApprovalState::Failed);
    let outcome = serde_json::to_string(&ended.outcome).unwrap();
    assert!(outcome.contains("look in Google Calendar"), "{outcome}");
    assert_eq!(left(&host, ADA).await, (0, 0, 0, 0, false));
}

#[tokio::test]
async fn where_google_is_away_the_rows_go_and_the_answer_says_what_is_left() {
    let host = synced().await;
    host.person.google.fault(Fault::always("oauth.revoke", FaultKind::DropBefore));
    host.person.google.fault(Fault::always("channels.stop", FaultKind::DropBefore));

    let disconnected = host.service.disconnect(&ada(), &host.person.account).await.unwrap();

    assert_eq!(disconnected.not_revoked.as_ref().unwrap().kind(), ErrorKind::Connection);
    assert_eq!(disconnected.channels_left, 2);
    assert_eq!(left(&host, ADA).await, (0, 0, 0, 0, false));
    let records = host.person.store.audit(&host.user(), 0, 100).await.unwrap();
    assert!(records.last().unwrap().entry.summary.contains("could not be revoked"));
}

#[tokio::test]
async fn a_sync_that_runs_while_its_account_is_disconnected_writes_nothing_afterwards() {
    let host = synced().await;
    for hours in 10..30 {
        host.person.event(ADA, "Late", hours);
    }
    for operation in ["calendarList.list", "events.list"] {
        host.person.google.fault(Fault::once(operation, FaultKind::Delay { millis: 300 }));
        let (service, user) = (host.service.clone(), host.user());
        let before = host.person.google.requests(operation);
        let syncing = tokio::spawn(async move { service.incremental_sync(&user).await });
        while host.person.google.requests(operation) == before {
            tokio::task::yield_now().await;
        }

        let _ = host.service.disconnect(&ada(), &host.person.account).await.unwrap();

        let _ = syncing.await.unwrap();
        assert_eq!(left(&host, ADA).await, (0, 0, 0, 0, false), "{operation}");
        for _ in 0..8 {
            host.person.pass(Duration::from_secs(60 * 60)).await;
            host.service.sync_due(100).await.unwrap();
            host.service.renew_due(100).await.unwrap();
        }
        assert_eq!(left(&host, ADA).await, (0, 0, 0, 0, false), "{operation}");
        host.connect(ADA, &[Capability::Read]).await;
        host.service.incremental_sync(&host.user()).await.unwrap();
        assert_eq!(left(&host, ADA).await.1, 23);
    }
}
