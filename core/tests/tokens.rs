//! Renewing access tokens.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::future::join_all;
use secrecy::ExposeSecret;
use theo_calendar::{
    ErrorKind,
    auth::{Freshness, OAuthClient, RefreshingTokens, TokenProvider, scope},
    http::{HttpClient, HttpError},
    id::AccountKey,
    storage::{MemoryStore, StoredGrant, TokenStore},
    testing::{FakeClock, ScriptedHttp},
    time::Clock,
};

struct Office {
    http: ScriptedHttp,
    clock: FakeClock,
    store: Arc<dyn TokenStore>,
    tokens: RefreshingTokens,
    ada: AccountKey,
}

/// Ada's grant, whose token is good for an hour.
async fn office() -> Office {
    let (http, clock) = (ScriptedHttp::default(), FakeClock::default());
    let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let ada = AccountKey::new("ada", "ada@example.com");
    let grant = StoredGrant {
        access_token: "old-access-canary".into(),
        expires_at: clock.now() + TimeDelta::hours(1),
        refresh_token: Some("refresh-canary".into()),
        scopes: vec![scope::CALENDAR_READONLY.to_owned()],
    };
    store.put_grant(&ada, &grant).await.unwrap();
    let client = OAuthClient::google("theo", Some("client-canary".into()));
    let tokens = RefreshingTokens::new(http.clone(), store.clone(), clock.clone(), client).unwrap();
    Office { http, clock, store, tokens, ada }
}

const NEW: &str = r#"{"access_token": "new-access-canary", "expires_in": 3599, "token_type": "Bearer"}"#;

#[tokio::test]
async fn a_token_that_is_good_is_used_without_asking() {
    let office = office().await;

    let token = office.tokens.access_token(&office.ada, Freshness::Cached).await.unwrap();

    assert_eq!(token.secret.expose_secret(), "old-access-canary");
    assert_eq!(token.scopes.unwrap(), [scope::CALENDAR_READONLY]);
    assert!(office.http.requests().is_empty());
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed_and_the_refresh_token_kept() {
    let office = office().await;
    office.clock.advance(Duration::from_secs(3600 - 30));
    office.http.answer(200, NEW);

    let token = office.tokens.access_token(&office.ada, Freshness::Cached).await.unwrap();

    assert_eq!(token.secret.expose_secret(), "new-access-canary");
    let stored = office.store.grant(&office.ada).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose_secret(), "refresh-canary");
    assert_eq!(stored.expires_at, office.clock.now() + TimeDelta::seconds(3599));
    assert_eq!(stored.scopes, [scope::CALENDAR_READONLY]);
    let sent = office.http.requests().remove(0);
    assert_eq!(sent.headers()["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(
        sent.body(),
        "grant_type=refresh_token&refresh_token=refresh-canary&client_id=theo&client_secret=client-canary"
    );
}

#[tokio::test]
async fn a_new_refresh_token_and_new_scopes_replace_the_old() {
    let office = office().await;
    office.http.answer(200, r#"{"access_token": "a", "refresh_token": "r2", "scope": "x y"}"#);

    office.tokens.access_token(&office.ada, Freshness::Renewed).await.unwrap();

    let stored = office.store.grant(&office.ada).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose_secret(), "r2");
    assert_eq!(stored.scopes, ["x", "y"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_callers_whose_token_was_refused_cause_one_renewal() {
    let office = Arc::new(office().await);
    office.http.answer(200, NEW);

    let callers = (0..50).map(|_| {
        let office = office.clone();
        tokio::spawn(async move { office.tokens.access_token(&office.ada, Freshness::Renewed).await })
    });
    let tokens = join_all(callers).await;

    assert_eq!(office.http.requests().len(), 1);
    for token in tokens {
        assert_eq!(token.unwrap().unwrap().secret.expose_secret(), "new-access-canary");
    }
}

#[tokio::test]
async fn a_failed_renewal_is_tried_by_the_next_caller() {
    let office = office().await;
    office.http.fail(HttpError::unreachable("no route")).answer(200, NEW);

    let error = office.tokens.access_token(&office.ada, Freshness::Renewed).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Connection);
    office.tokens.access_token(&office.ada, Freshness::Renewed).await.unwrap();
}

#[tokio::test]
async fn a_revoked_grant_says_so_and_stays_in_the_store() {
    let office = office().await;
    office.http.answer(
        400,
        r#"{"error": "invalid_grant", "error_description": "Token has been expired or revoked."}"#,
    );

    let error = office.tokens.access_token(&office.ada, Freshness::Renewed).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::GrantRevoked);
    assert_eq!(error.reason(), Some("invalid_grant"));
    assert!(!error.is_retryable());
    assert!(office.store.grant(&office.ada).await.unwrap().is_some());
}

#[tokio::test]
async fn an_account_that_was_never_connected_must_be() {
    let office = office().await;
    let bob = AccountKey::new("bob", "bob@example.com");

    let error = office.tokens.access_token(&bob, Freshness::Cached).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::GrantRevoked);
    assert!(error.to_string().contains("bob@example.com is not connected"), "{error}");
}

/// The person disconnects the account, or connects it anew, while Google answers.
struct Meanwhile {
    store: Arc<dyn TokenStore>,
    ada: AccountKey,
    grant: Option<StoredGrant>,
}

#[async_trait]
impl HttpClient for Meanwhile {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        match &self.grant {
            Some(grant) => self.store.put_grant(&self.ada, grant).await.unwrap(),
            None => self.store.delete_grant(&self.ada).await.unwrap(),
        }
        Ok(http::Response::new(NEW.into()))
    }
}

async fn renewed_meanwhile(office: &Office, grant: Option<StoredGrant>) -> theo_calendar::Result<String> {
    let http = Meanwhile { store: office.store.clone(), ada: office.ada.clone(), grant };
    let client = OAuthClient::google("theo", None);
    let tokens = RefreshingTokens::new(http, office.store.clone(), office.clock.clone(), client)?;
    let token = tokens.access_token(&office.ada, Freshness::Renewed).await?;
    Ok(token.secret.expose_secret().to_owned())
}

#[tokio::test]
async fn a_renewal_that_ends_after_the_account_was_disconnected_brings_nothing_back() {
    let office = office().await;

    let error = renewed_meanwhile(&office, None).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::GrantRevoked);
    assert!(office.store.grant(&office.ada).await.unwrap().is_none());
}

#[tokio::test]
async fn a_renewal_that_ends_after_the_account_was_connected_anew_leaves_the_new_grant() {
    let office = office().await;
    let anew = StoredGrant {
        access_token: "anew-canary".into(),
        expires_at: office.clock.now() + TimeDelta::hours(1),
        refresh_token: Some("refresh-anew-canary".into()),
        scopes: vec![scope::CALENDAR.to_owned()],
    };

    let token = renewed_meanwhile(&office, Some(anew)).await.unwrap();

    assert_eq!(token, "anew-canary");
    let stored = office.store.grant(&office.ada).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose_secret(), "refresh-anew-canary");
    assert_eq!(stored.scopes, [scope::CALENDAR]);
}

#[tokio::test]
async fn no_secret_is_shown_by_debug_or_by_an_error() {
    let office = office().await;
    office.http.answer(200, r#"{"access_token": 5, "refresh_token": "canary"}"#);

    let error = office.tokens.access_token(&office.ada, Freshness::Renewed).await.unwrap_err();
    let grant = office.store.grant(&office.ada).await.unwrap();
    let token = office.tokens.access_token(&office.ada, Freshness::Cached).await.unwrap();

    let shown = format!("{error} {error:?} {grant:?} {token:?} {:?}", office.tokens);
    assert!(!shown.contains("canary"), "{shown}");
}
