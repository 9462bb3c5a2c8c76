//! Consent, codes, tokens, revocation.
#![allow(clippy::unwrap_used)]

#[path = "support/google.rs"]
mod google;

use std::collections::HashMap;

use google::{ADA, Google};
use reqwest::redirect::Policy;
use serde_json::Value;

const READ: &str = "https://www.googleapis.com/auth/calendar.readonly";
const WRITE: &str = "https://www.googleapis.com/auth/calendar.events";
const BACK: &str = "http://localhost/back";
/// Verifier and challenge of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What the consent page sends back to the application.
async fn consent(google: &Google) -> HashMap<String, String> {
    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let scope = format!("{READ} {WRITE}");
    let query = [
        ("client_id", "app"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", &scope),
        ("state", "s1"),
        ("access_type", "offline"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("login_hint", ADA),
    ];
    let url = format!("{}/o/oauth2/v2/auth", google.fake.url());
    let answer = http.get(url).query(&query).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    let target = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    target.query_pairs().into_owned().collect()
}

async fn token(google: &Google, form: &[(&str, &str)]) -> (u16, Value) {
    let answer = google.http.post(format!("{}/token", google.fake.url())).form(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn exchange<'a>(code: &'a str, verifier: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", "app"),
        ("redirect_uri", BACK),
        ("code_verifier", verifier),
    ]
}

#[tokio::test]
async fn a_code_becomes_tokens_that_work_and_refresh() {
    let mut google = Google::with_events(1).await;
    let back = consent(&google).await;
    assert_eq!(back["state"], "s1");
    let (status, first) = token(&google, &exchange(&back["code"], VERIFIER)).await;
    assert_eq!(status, 200, "{first}");
    google.token = first["access_token"].as_str().unwrap().to_owned();
    google.list(&[]).await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "app")];
    let (status, second) = token(&google, &form).await;
    assert_eq!(status, 200);
    assert!(
        second.get("refresh_token").is_none(),
        "Google leaves the refresh token out: the old one stays good"
    );
    assert_ne!(first["access_token"], second["access_token"]);
    assert_eq!(google.fake.token_refreshes(), 1);
    let form = [("token", refresh)];
    let answer = google.http.post(format!("{}/revoke", google.fake.url())).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    google.refused(&[], 401, "authError").await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "app")];
    let (status, answer) = token(&google, &form).await;
    assert_eq!((status, &answer["error"]), (400, &Value::from("invalid_grant")));
}

#[tokio::test]
async fn a_code_is_good_once_and_only_with_its_verifier_and_redirect() {
    let google = Google::with_events(0).await;
    let code = consent(&google).await["code"].clone();
    assert_eq!(token(&google, &exchange(&code, "wrong")).await.1["error"], "invalid_grant");
    assert_eq!(token(&google, &exchange(&code, VERIFIER)).await.1["error"], "invalid_grant");
    let code = consent(&google).await["code"].clone();
    let mut form = exchange(&code, VERIFIER);
    form[3].1 = "http://localhost/back/other";
    assert_eq!(token(&google, &form).await.1["error"], "redirect_uri_mismatch");
}

#[tokio::test]
async fn a_person_may_grant_only_some_scopes_or_none() {
    let mut google = Google::with_events(0).await;
    google.fake.consent_as(ADA, Some(&["calendar.readonly"]));
    let code = consent(&google).await["code"].clone();
    let (_, answer) = token(&google, &exchange(&code, VERIFIER)).await;
    assert_eq!(answer["scope"], READ);
    google.token = answer["access_token"].as_str().unwrap().to_owned();
    let event = google::timed("abcde", 0);
    google.post("/calendars/primary/events", &[], event).await.refused(403, "insufficientPermissions");
    google.fake.deny_consent();
    assert_eq!(consent(&google).await["error"], "access_denied");
}
