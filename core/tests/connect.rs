//! Connecting accounts: what is asked, and which answers are taken.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use theo_calendar::{
    Error, ErrorKind, Result,
    accounts::{Accounts, ConnectRequest, Connected},
    approval::Approvals,
    auth::{
        OAuthClient, StaticToken,
        scope::{self, Capability},
    },
    client::CalendarClient,
    google::Operation,
    id::{AccountKey, UserId},
    recurrence::UtcOnly,
    storage::{MemoryStore, Storage, StoredGrant},
    sync::Webhooks,
    testing::{FakeClock, FakeTimer, ScriptedHttp},
    time::Clock,
};
use url::Url;

const BACK: &str = "https://theo.example.com/api/integrations/calendar/callback";

/// A host, at a Google whose answers each test writes down.
struct Host {
    http: ScriptedHttp,
    clock: FakeClock,
    store: Arc<dyn Storage>,
    accounts: Accounts,
}

fn host() -> Host {
    let (http, clock) = (ScriptedHttp::default(), FakeClock::default());
    let store: Arc<dyn Storage> = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let timer = FakeTimer::new(&clock).never_reaching(Duration::from_secs(30));
    let client = CalendarClient::builder(http.clone(), StaticToken::new("unused"), clock.clone(), timer);
    let (client, time) = (client.build().unwrap(), Arc::new(clock.clone()));
    let approvals = Approvals::new(store.clone(), client.clone(), time.clone(), Arc::new(UtcOnly), "host");
    let webhooks = Webhooks::new(store.clone(), client.clone(), time.clone(), "host");
    let registration = OAuthClient::google("theo-client", Some("client-secret-canary".into()));
    let accounts = Accounts::new(store.clone(), client, time, approvals, webhooks)
        .with_oauth(registration, [BACK])
        .unwrap();
    Host { http, clock, store, accounts }
}

impl Host {
    /// Where Ada is sent.
    async fn sent(&self, change: impl FnOnce(&mut ConnectRequest)) -> HashMap<String, String> {
        let mut request = request();
        change(&mut request);
        query_of(&self.accounts.connect_url(&request).await.unwrap())
    }

    /// Ada comes back with a code, and Google answers `tokens` for it.
    async fn back(&self, sent: &HashMap<String, String>, tokens: Value) -> Result<Connected> {
        self.http.answer(200, tokens.to_string());
        self.answered(&ada(), "session-canary", &format!("code=4%2Fcode-canary&state={}", sent["state"]))
            .await
    }

    async fn answered(&self, user: &UserId, session: &str, query: &str) -> Result<Connected> {
        self.accounts.finish_connect(user, &SecretString::from(session), query).await
    }

    async fn grant(&self, account: &str) -> Option<StoredGrant> {
        self.store.grant(&AccountKey::new(ada(), account)).await.unwrap()
    }

    /// Google's answer to a code, with the claims changed.
    fn tokens(&self, scopes: &[&str], change: impl FnOnce(&mut Value)) -> Value {
        let now = self.clock.now().timestamp();
        let mut claims = json!({
            "iss": "https://accounts.google.com", "aud": "theo-client", "sub": "1", "exp": now + 3600,
            "email": "Ada@example.com",
        });
        change(&mut claims);
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        json!({
            "access_token": "access-canary", "expires_in": 3599, "refresh_token": "refresh-canary",
            "scope": format!("openid {}", scopes.join(" ")),
            "id_token": format!("{}.{}.signature", part(&json!({})), part(&claims)),
        })
    }
}

fn ada() -> UserId {
    "ada".into()
}

fn request() -> ConnectRequest {
    ConnectRequest {
        user: ada(),
        session: "session-canary".into(),
        redirect: BACK.to_owned(),
        capabilities: vec![Capability::Read],
        account: None,
    }
}

fn query_of(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn a_person_is_asked_to_let_their_calendars_be_read_and_for_nothing_else() {
    let host = host();

    let sent = host.sent(|_| {}).await;

    assert_eq!(sent["scope"], format!("openid email {}", scope::CALENDAR_READONLY));
    assert_eq!((sent["response_type"].as_str(), sent["client_id"].as_str()), ("code", "theo-client"));
    assert_eq!((sent["redirect_uri"].as_str(), sent["access_type"].as_str()), (BACK, "offline"));
    assert_eq!(sent["include_granted_scopes"], "true");
    assert_eq!(sent["prompt"], "consent select_account");
    assert_eq!(sent["code_challenge_method"], "S256");
    assert!(sent["state"].len() >= 43 && sent["code_challenge"].len() == 43, "{sent:?}");
    assert!(!sent.contains_key("login_hint") && !sent.contains_key("client_secret"));
}

#[tokio::test]
async fn each_consent_has_a_state_and_a_verifier_of_its_own() {
    let host = host();

    let (first, second) = (host.sent(|_| {}).await, host.sent(|_| {}).await);

    assert_ne!(first["state"], second["state"]);
    assert_ne!(first["code_challenge"], second["code_challenge"]);
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_verifier_of_its_challenge_and_the_same_redirect() {
    let host = host();
    let sent = host.sent(|_| {}).await;
    let tokens = host.tokens(&[scope::CALENDAR_READONLY], |_| {});

    let connected = host.back(&sent, tokens).await.unwrap();

    let form = host.http.requests().remove(0);
    assert_eq!(form.uri(), "https://oauth2.googleapis.com/token");
    let form: HashMap<String, String> = url::form_urlencoded::parse(form.body()).into_owned().collect();
    assert_eq!((form["code"].as_str(), form["redirect_uri"].as_str()), ("4/code-canary", BACK));
    assert_eq!(BASE64URL_NOPAD.encode(&Sha256::digest(&form["code_verifier"])), sent["code_challenge"]);
    assert_eq!(connected.account, AccountKey::new("ada", "ada@example.com"));
    assert!(connected.status.has_read && !connected.status.has_write && connected.declined.is_empty());
    let grant = host.grant("ada@example.com").await.unwrap();
    assert_eq!(grant.refresh_token.unwrap().expose_secret(), "refresh-canary");
    assert_eq!(grant.expires_at, host.clock.now() + TimeDelta::seconds(3599));
    let audit = host.store.audit(&ada(), 0, 10).await.unwrap();
    assert_eq!(audit[0].entry.action, "account.connected");
}

#[tokio::test]
async fn a_state_is_good_once() {
    let host = host();
    let sent = host.sent(|_| {}).await;
    host.back(&sent, host.tokens(&[scope::CALENDAR_READONLY], |_| {})).await.unwrap();

    let replayed = host.back(&sent, host.tokens(&[scope::CALENDAR], |_| {})).await.unwrap_err();

    assert_eq!(replayed.kind(), ErrorKind::NotPermitted, "{replayed}");
    assert_eq!(host.http.requests().len(), 1, "Google was asked again");
}

#[tokio::test]
async fn a_state_is_good_for_its_user_in_its_session_for_ten_minutes() {
    let host = host();
    let with = |sent: HashMap<String, String>| format!("code=c&state={}", sent["state"]);

    let query = with(host.sent(|_| {}).await);
    let forged = host.answered(&ada(), "session-canary", "code=c&state=forged").await.unwrap_err();
    let others = host.answered(&"mallory".into(), "session-canary", &query).await.unwrap_err();
    let elsewhere = host.answered(&ada(), "another session", &query).await.unwrap_err();
    let used_up = host.answered(&ada(), "session-canary", &query).await.unwrap_err();
    let late = with(host.sent(|_| {}).await);
    host.clock.advance(Duration::from_secs(10 * 60));
    let late = host.answered(&ada(), "session-canary", &late).await.unwrap_err();

    for refused in [&forged, &others, &elsewhere, &used_up] {
        assert_eq!(refused.kind(), ErrorKind::NotPermitted, "{refused}");
    }
    assert!(elsewhere.to_string().contains("another session"), "{elsewhere}");
    assert_eq!(late.kind(), ErrorKind::Expired, "{late}");
    assert!(host.http.requests().is_empty());
    assert!(host.store.granted_accounts(&ada()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_that_was_not_named_beforehand_to_the_byte_is_refused() {
    let host = host();
    let attempts = [
        "https://theo.example.com/api/integrations/calendar/callback/".to_owned(),
        format!("{BACK}?next=https://evil.example.com"),
        format!("{BACK}#token"),
        format!("{BACK}/../../evil"),
        format!("{BACK}.evil.example.com"),
        BACK.to_uppercase(),
        BACK.replace("https", "http"),
        BACK.replace("theo.example.com", "theo.example.com@evil.example.com"),
        BACK[..BACK.len() - 1].to_owned(),
        String::new(),
    ];
    for attempt in attempts {
        let request = ConnectRequest { redirect: attempt.clone(), ..request() };
        let refused = host.accounts.connect_url(&request).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{attempt}");
    }
}

#[tokio::test]
async fn a_registration_with_addresses_that_leak_is_refused() {
    let host = host();
    let refused = |redirect: &str| {
        let registration = OAuthClient::google("theo-client", None);
        host.accounts.clone().with_oauth(registration, [redirect]).unwrap_err().kind()
    };
    for redirect in ["http://theo.example.com/back", "https://theo.example.com/#back", "callback"] {
        assert_eq!(refused(redirect), ErrorKind::InvalidInput, "{redirect}");
    }
    let evil = OAuthClient::google("theo-client", None).under(&"http://evil.example.com".parse().unwrap());
    let refused = host.accounts.clone().with_oauth(evil, [BACK]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn an_id_token_that_is_not_googles_for_us_and_now_connects_nothing() {
    let changes: [fn(&mut Value); 6] = [
        |claims| claims["iss"] = "https://accounts.evil.example.com".into(),
        |claims| claims["aud"] = "another-client".into(),
        |claims| claims["exp"] = 0.into(),
        |claims| claims["email"] = "".into(),
        |claims| claims["email"] = Value::Null,
        |claims| *claims = "no claims".into(),
    ];
    for change in changes {
        let host = host();
        let sent = host.sent(|_| {}).await;
        let refused = host.back(&sent, host.tokens(&[scope::CALENDAR_READONLY], change)).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::MalformedResponse, "{refused}");
        assert!(host.store.granted_accounts(&ada()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_person_who_declines_is_no_failure_of_googles_and_nothing_changes() {
    let host = host();
    let sent = host.sent(|_| {}).await;

    let query = format!("error=access_denied&state={}", sent["state"]);
    let declined = host.answered(&ada(), "session-canary", &query).await.unwrap_err();

    assert!(declined.needs_scope_upgrade() && !declined.is_retryable(), "{declined}");
    assert_eq!(declined.reason(), Some("access_denied"));
    assert!(host.http.requests().is_empty());
}

#[tokio::test]
async fn what_is_no_answer_of_the_consent_page_uses_no_consent_up() {
    let host = host();
    let sent = host.sent(|_| {}).await;

    for query in ["", "code=c", "state", "x=y&code=c"] {
        let refused = host.answered(&ada(), "session-canary", query).await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::InvalidInput | ErrorKind::NotPermitted), "{refused}");
    }

    host.back(&sent, host.tokens(&[scope::CALENDAR_READONLY], |_| {})).await.unwrap();
}

#[tokio::test]
async fn an_upgrade_asks_one_account_for_what_is_missing_and_says_why() {
    let host = host();
    let sent = host.sent(|_| {}).await;
    let connected = host.back(&sent, host.tokens(&[scope::CALENDAR_READONLY], |_| {})).await.unwrap();

    let upgrade = host
        .accounts
        .scope_upgrade(&connected.account, Capability::Write, &"session-canary".into(), BACK)
        .await
        .unwrap()
        .unwrap();

    assert_eq!(upgrade.missing, [scope::EVENTS]);
    assert!(upgrade.why.contains("approve"), "{}", upgrade.why);
    let sent = query_of(&upgrade.url);
    assert_eq!(sent["scope"], format!("openid email {}", scope::EVENTS));
    assert_eq!((sent["login_hint"].as_str(), sent["prompt"].as_str()), ("ada@example.com", "consent"));
    let mut merged = host.tokens(&[scope::CALENDAR_READONLY, scope::EVENTS], |_| {});
    merged.as_object_mut().unwrap().remove("refresh_token");
    let granted = host.back(&sent, merged).await.unwrap();
    assert!(granted.status.has_read && granted.status.has_write, "{granted:?}");
    let kept = host.grant("ada@example.com").await.unwrap().refresh_token.unwrap();
    assert_eq!(kept.expose_secret(), "refresh-canary", "Google named no new one");
    let nothing =
        host.accounts.scope_upgrade(&connected.account, Capability::Write, &"s".into(), BACK).await.unwrap();
    assert_eq!(nothing, None);
}

#[tokio::test]
async fn another_account_that_answers_an_upgrade_changes_neither() {
    let host = host();
    let sent = host.sent(|_| {}).await;
    host.back(&sent, host.tokens(&[scope::CALENDAR_READONLY], |_| {})).await.unwrap();
    let upgrade = host
        .sent(|request| {
            request.account = Some("ada@example.com".into());
            request.capabilities = vec![Capability::Write];
        })
        .await;

    let bob = host.tokens(&[scope::CALENDAR], |claims| claims["email"] = "bob@example.com".into());
    let refused = host.back(&upgrade, bob).await.unwrap_err();

    assert_eq!(refused.kind(), ErrorKind::NotPermitted);
    assert!(refused.to_string().contains("bob@example.com answered"), "{refused}");
    assert!(host.grant("bob@example.com").await.is_none());
    assert!(!scope::has_write(&host.grant("ada@example.com").await.unwrap().scopes));
    assert!(host.http.requests().iter().all(|request| !request.uri().path().contains("revoke")));
}

#[tokio::test]
async fn what_a_person_leaves_unticked_is_named_and_nothing_else_is_lost() {
    let host = host();
    let sent = host
        .sent(|request| {
            request.capabilities = vec![Capability::Read, Capability::Write, Capability::Settings]
        })
        .await;

    let connected = host.back(&sent, host.tokens(&[scope::CALENDAR_READONLY], |_| {})).await.unwrap();

    assert!(connected.status.has_read && !connected.status.has_write);
    assert_eq!(connected.declined, [scope::EVENTS, scope::SETTINGS_READONLY]);
}

#[test]
fn each_capability_is_asked_for_by_the_least_scope_and_reading_opens_no_write() {
    for capability in Capability::ALL {
        let mut others = Capability::ALL.iter().filter(|other| *other != capability);
        assert!(capability.is_granted_by(&[capability.scope()]));
        assert!(others.all(|other| !other.is_granted_by(&[capability.scope()])));
    }
    let read_only = [scope::CALENDAR_READONLY, scope::SETTINGS_READONLY];
    let writes = Operation::ALL.iter().filter(|operation| operation.scope_to_ask() == scope::EVENTS);
    assert_eq!(writes.clone().count(), 7);
    for write in writes {
        assert!(!write.is_authorised_by(&read_only), "{write}");
    }
}

#[tokio::test]
async fn consents_that_nobody_finished_are_forgotten() {
    let host = host();
    let (old, _) = (host.sent(|_| {}).await, host.sent(|_| {}).await);
    host.clock.advance(Duration::from_secs(11 * 60));
    let new = host.sent(|_| {}).await;

    assert_eq!(host.accounts.forget_expired(10).await.unwrap(), 2);

    let old = host.answered(&ada(), "session-canary", &format!("code=c&state={}", old["state"])).await;
    assert_eq!(old.unwrap_err().kind(), ErrorKind::NotPermitted);
    host.back(&new, host.tokens(&[scope::CALENDAR_READONLY], |_| {})).await.unwrap();
}

#[tokio::test]
async fn no_secret_is_shown_by_debug_by_an_error_or_in_the_audit() {
    let host = host();
    let sent = host.sent(|_| {}).await;
    let connected = host.back(&sent, host.tokens(&[scope::CALENDAR_READONLY], |_| {})).await.unwrap();
    let sent = host.sent(|_| {}).await;
    let taken = host.store.take_consent(&ada(), &Sha256::digest(&sent["state"]).into()).await.unwrap();
    let mut errors: Vec<Error> = Vec::new();
    for (status, body) in [
        (200, r#"{"access_token": 5, "refresh_token": "canary", "id_token": "canary"}"#),
        (200, r#"{"access_token": "canary", "id_token": "e30.canary.canary"}"#),
        (400, r#"{"error": "invalid_grant", "error_description": "Bad Request"}"#),
        (500, "canary"),
    ] {
        let sent = host.sent(|_| {}).await;
        host.http.answer(status, body);
        let query = format!("code=canary&state={}", sent["state"]);
        errors.push(host.answered(&ada(), "session-canary", &query).await.unwrap_err());
    }

    let audit = host.store.audit(&ada(), 0, 10).await.unwrap();
    let shown = format!("{errors:?} {connected:?} {taken:?} {audit:?} {:?} {:?}", host.accounts, request());
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains(&sent["state"]), "{shown}");
}
