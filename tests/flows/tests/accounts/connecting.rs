//! From the button to a synced account, and what an attacker gets.

use flows::ADA;
use futures_util::future::join_all;
use theo_calendar::{
    ErrorKind,
    approval::ApprovalState,
    auth::scope::{self, Capability},
    id::AccountKey,
};

use super::STORE;
use crate::host::{BACK, HOME, Host};

#[tokio::test]
async fn an_account_that_was_connected_is_synced_by_the_tick() {
    let host = Host::new(STORE).await;
    host.person.event(ADA, "Lunch", 3);

    let connected = host.connect(ADA, &[Capability::Read]).await;

    assert_eq!(connected.account, host.person.account);
    assert!(connected.status.has_read && !connected.status.has_write);
    while host.service.sync_due(10).await.unwrap().next_at
        <= theo_calendar::time::Clock::now(&host.person.clock)
    {}
    assert_eq!(host.person.mirrored(ADA).await.len(), 1);
    let asked: Vec<_> = host.person.google.request_log();
    assert!(asked.iter().all(|request| !request.query.contains("calendar.events")), "{asked:?}");
}

#[tokio::test]
async fn a_person_connects_two_accounts_and_each_has_its_own_grant() {
    let host = Host::new(STORE).await;

    host.connect(ADA, &[Capability::Read]).await;
    host.connect(HOME, &[Capability::Read, Capability::Write]).await;

    let mut accounts = host.person.store.granted_accounts(&host.user()).await.unwrap();
    accounts.sort();
    assert_eq!(accounts, [AccountKey::new("ada", ADA), AccountKey::new("ada", HOME)]);
    let scopes = |grant: Option<theo_calendar::storage::StoredGrant>| grant.unwrap().scopes;
    assert!(!scope::has_write(&scopes(host.person.store.grant(&accounts[0]).await.unwrap())));
    assert!(scope::has_write(&scopes(host.person.store.grant(&accounts[1]).await.unwrap())));
}

#[tokio::test]
async fn an_answer_of_google_is_taken_once_whichever_process_it_reaches() {
    let host = Host::new(STORE).await;
    let query = host.decide(&host.url(&[Capability::Read], None).await).await;
    let replicas: Vec<_> = (0..8).map(|n| Host::replica(&host.person, &format!("host {n}"))).collect();

    let (user, session) = (host.user(), Host::session());
    let finished = join_all(replicas.iter().map(|host| host.finish_connect(&user, &session, &query))).await;

    assert_eq!(finished.iter().filter(|connected| connected.is_ok()).count(), 1);
    let refused = finished.into_iter().filter_map(Result::err);
    assert!(refused.map(|error| error.kind()).all(|kind| kind == ErrorKind::NotPermitted));
    assert_eq!(host.person.google.requests("oauth.token"), 1);
}

#[tokio::test]
async fn a_code_brought_to_another_consent_is_refused_by_google() {
    let host = Host::new(STORE).await;
    let mine = host.decide(&host.url(&[Capability::Read], None).await).await;
    let theirs = host.decide(&host.url(&[Capability::Read], None).await).await;
    let part = |query: &str, name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        pairs.find(|(key, _)| key == name).unwrap().1
    };
    let swapped: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &part(&theirs, "code"))
        .append_pair("state", &part(&mine, "state"))
        .finish();

    let refused = host.finish(&swapped).await.unwrap_err();

    assert_eq!(refused.kind(), ErrorKind::GrantRevoked, "{refused}");
    assert_eq!(refused.reason(), Some("invalid_grant"));
    assert!(host.finish(&mine).await.is_err(), "the state is used up");
    assert!(host.finish(&theirs).await.is_err(), "the code is used up");
    assert!(host.person.store.granted_accounts(&host.user()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_approved_waits_until_the_person_grants_writing_and_is_done_then() {
    let host = Host::new(STORE).await;
    let account = host.connect(ADA, &[Capability::Read]).await.account;
    host.service.incremental_sync(&host.user()).await.unwrap();
    let approval = host.approved(ADA).await;

    let refused = host.service.execute(&host.user(), &approval.id).await.unwrap_err();

    assert!(refused.needs_scope_upgrade(), "{refused}");
    assert_eq!(host.person.google.requests("events.insert"), 0);
    let kept = host.service.approval(&host.user(), &approval.id).await.unwrap();
    assert_eq!(kept.state, ApprovalState::Approved);
    let upgrade = host.service.scope_upgrade(&account, Capability::Write, &Host::session(), BACK).await;
    let upgrade = upgrade.unwrap().unwrap();
    assert_eq!(upgrade.missing, [scope::EVENTS]);
    let query = host.decide(&upgrade.url).await;
    let granted = host.finish(&query).await.unwrap();
    assert!(granted.status.has_read && granted.status.has_write, "merged: {granted:?}");
    let done = host.service.execute(&host.user(), &approval.id).await.unwrap();
    assert_eq!(done.state, ApprovalState::Executed);
    assert!(host.service.incremental_sync(&host.user()).await.unwrap().is_complete());
}

#[tokio::test]
async fn a_person_who_does_not_tick_writing_reads_on() {
    let host = Host::new(STORE).await;
    host.person.google.consent_as(ADA, Some(&["calendar.readonly"]));
    let query = host.decide(&host.url(&[Capability::Read, Capability::Write], None).await).await;

    let connected = host.finish(&query).await.unwrap();

    assert_eq!(connected.declined, [scope::EVENTS]);
    assert!(host.service.incremental_sync(&host.user()).await.unwrap().is_complete());
}

#[tokio::test]
async fn a_person_who_declines_an_upgrade_keeps_what_they_granted() {
    let host = Host::new(STORE).await;
    let account = host.connect(ADA, &[Capability::Read]).await.account;
    let upgrade = host.service.scope_upgrade(&account, Capability::Write, &Host::session(), BACK).await;
    host.person.google.deny_consent();
    let query = host.decide(&upgrade.unwrap().unwrap().url).await;

    let declined = host.finish(&query).await.unwrap_err();

    assert_eq!(declined.reason(), Some("access_denied"));
    assert!(host.service.incremental_sync(&host.user()).await.unwrap().is_complete());
}

#[tokio::test]
async fn another_account_that_answers_an_upgrade_is_told_and_changes_nothing() {
    let host = Host::new(STORE).await;
    host.connect(HOME, &[Capability::Read]).await;
    let account = host.connect(ADA, &[Capability::Read]).await.account;
    let upgrade = host.service.scope_upgrade(&account, Capability::Write, &Host::session(), BACK).await;
    host.person.google.consent_as(HOME, None);
    let query = host.decide(&upgrade.unwrap().unwrap().url).await;

    let refused = host.finish(&query).await.unwrap_err();

    assert_eq!(refused.kind(), ErrorKind::NotPermitted, "{refused}");
    for account in [ADA, HOME] {
        let account = AccountKey::new("ada", account);
        let grant = host.person.store.grant(&account).await.unwrap().unwrap();
        assert!(!scope::has_write(&grant.scopes));
    }
}
