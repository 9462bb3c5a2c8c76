//! Google's OAuth endpoints: consent, token, revocation.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::answer::Answer;
use crate::call::Query;
use crate::exchange::run;
use crate::grant::{ACCESS_TOKEN_SECONDS, Code, Scopes};
use crate::id_token;
use crate::server::Shared;
use crate::state::State;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/o/oauth2/v2/auth", get(consent))
        .route("/token", post(token))
        .route("/revoke", post(revoke))
}

type Form = HashMap<String, String>;

fn form(body: &[u8]) -> Form {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// An OAuth error: flat, unlike the API's.
fn refused(status: u16, error: &str, description: &str) -> Answer {
    Answer::json(status, &json!({ "error": error, "error_description": description }))
}

pub(crate) fn secret(state: &mut State, prefix: &str) -> String {
    let letters: String = (0..40).map(|_| state.random.alphanumeric()).collect();
    format!("{prefix}{letters}")
}

async fn consent(Extract(shared): Extract<Arc<Shared>>, request: Request) -> Response {
    run(&shared, "oauth.consent", "", request, |state, incoming, _| {
        let query = Query::parse(&incoming.query);
        decide(state, &query).unwrap_or_else(|(error, description)| refused(400, error, &description))
    })
    .await
}

/// The person's decision, at once: a redirect with a code, or with `access_denied`.
fn decide(state: &mut State, query: &Query) -> Result<Answer, (&'static str, String)> {
    let need = |name: &str| {
        let found = query.one(name).filter(|text| !text.is_empty()).map(str::to_owned);
        found.ok_or_else(|| ("invalid_request", format!("Missing required parameter: {name}")))
    };
    let (client, redirect_uri) = (need("client_id")?, need("redirect_uri")?);
    let mut target =
        Url::parse(&redirect_uri).map_err(|_| ("redirect_uri_mismatch", redirect_uri.clone()))?;
    if need("response_type")? != "code" {
        return Err(("unsupported_response_type", "Only the code flow is served.".to_owned()));
    }
    let asked: Scopes = need("scope")?.split_whitespace().map(id_token::as_granted).collect();
    let challenge = query.one("code_challenge").map(str::to_owned);
    if challenge.is_some() && query.one("code_challenge_method") != Some("S256") {
        return Err(("invalid_request", "Only the S256 code challenge method is served.".to_owned()));
    }
    let named = state.grants.consent.person.clone().or_else(|| query.one("login_hint").map(str::to_owned));
    let person = named.or_else(|| state.people.keys().next().cloned()).unwrap_or_default();
    if !state.people.contains_key(&person) {
        return Err(("invalid_request", format!("No such account: {person:?}")));
    }
    if state.grants.consent.denied {
        target.query_pairs_mut().append_pair("error", "access_denied");
    } else {
        let ticked = state.grants.consent.granted.clone();
        // Who signs in does not get to tick what only says who they are.
        let is_given = |scope: &String| {
            id_token::is_sign_in(scope) || ticked.as_ref().is_none_or(|ticked| ticked.contains(scope))
        };
        let mut scopes: Scopes = asked.into_iter().filter(is_given).collect();
        if query.one("include_granted_scopes") == Some("true") {
            let before = state.grants.grants.get(&(person.clone(), client.clone()));
            scopes.extend(before.into_iter().flat_map(|grant| grant.scopes.iter().cloned()));
        }
        let listed = scopes.iter().cloned().collect::<Vec<_>>().join(" ");
        let code = secret(state, "4/");
        let expires = state.clock.now() + TimeDelta::minutes(10);
        let offline = query.one("access_type") == Some("offline");
        let force_refresh_token = query.one("prompt").is_some_and(|prompt| prompt.contains("consent"));
        let entry =
            Code { person, client, redirect_uri, challenge, scopes, offline, force_refresh_token, expires };
        state.grants.codes.insert(code.clone(), entry);
        target.query_pairs_mut().append_pair("code", &code).append_pair("scope", &listed);
    }
    if let Some(sent) = query.one("state") {
        target.query_pairs_mut().append_pair("state", sent);
    }
    Ok(Answer { status: 302, headers: vec![("location", target.to_string())], body: String::new() })
}

async fn token(Extract(shared): Extract<Arc<Shared>>, request: Request) -> Response {
    run(&shared, "oauth.token", "", request, |state, incoming, _| {
        let form = form(&incoming.body);
        match form.get("grant_type").map(String::as_str) {
            Some("authorization_code") => exchange_code(state, &form),
            Some("refresh_token") => refresh(state, &form),
            _ => refused(400, "unsupported_grant_type", "Invalid grant_type"),
        }
    })
    .await
}

fn exchange_code(state: &mut State, form: &Form) -> Answer {
    let text = |name: &str| form.get(name).map_or("", String::as_str);
    let now = state.clock.now();
    // A code is gone with its first use, right or wrong.
    let Some(code) = state.grants.codes.remove(text("code")).filter(|code| code.expires > now) else {
        return refused(400, "invalid_grant", "Malformed auth code.");
    };
    if code.client != text("client_id") && !text("client_id").is_empty() {
        return refused(401, "invalid_client", "The OAuth client was not found.");
    }
    if code.redirect_uri != text("redirect_uri") {
        return refused(400, "redirect_uri_mismatch", "Bad Request");
    }
    if let Some(challenge) = &code.challenge {
        let made = BASE64URL_NOPAD.encode(&Sha256::digest(text("code_verifier").as_bytes()));
        if made != *challenge {
            return refused(400, "invalid_grant", "Invalid code verifier.");
        }
    }
    let fresh = secret(state, "1//");
    let grant = state
        .grants
        .grants
        .entry((code.person.clone(), code.client.clone()))
        .or_insert_with(|| crate::grant::Grant { scopes: Scopes::new(), refresh_token: None });
    grant.scopes = code.scopes.clone();
    let mut given = None;
    if code.offline && (grant.refresh_token.is_none() || code.force_refresh_token) {
        grant.refresh_token = Some(fresh.clone());
        given = Some(fresh);
    }
    let id_token = id_token::made(state, &code);
    issue(state, &code.person, &code.client, code.scopes, (given, id_token))
}

fn refresh(state: &mut State, form: &Form) -> Answer {
    state.ledger.token_refreshes += 1;
    let held = form.get("refresh_token").and_then(|token| state.grants.by_refresh_token(token));
    let Some(key) = held else {
        return refused(400, "invalid_grant", "Token has been expired or revoked.");
    };
    if form.get("client_id").is_some_and(|client| *client != key.1) {
        return refused(401, "unauthorized_client", "Unauthorized");
    }
    let fresh = state.grants.rotate_refresh_token.then(|| secret(state, "1//"));
    let Some(grant) = state.grants.grants.get_mut(&key) else {
        return refused(400, "invalid_grant", "Token has been expired or revoked.");
    };
    if let Some(fresh) = &fresh {
        grant.refresh_token = Some(fresh.clone());
    }
    let scopes = grant.scopes.clone();
    issue(state, &key.0, &key.1, scopes, (fresh, None))
}

fn issue(
    state: &mut State,
    person: &str,
    client: &str,
    scopes: Scopes,
    (refresh_token, id_token): (Option<String>, Option<String>),
) -> Answer {
    let token = secret(state, "ya29.");
    let now = state.clock.now();
    let mut map = Map::new();
    map.insert("access_token".into(), token.as_str().into());
    map.insert("expires_in".into(), ACCESS_TOKEN_SECONDS.into());
    map.insert("scope".into(), scopes.iter().cloned().collect::<Vec<_>>().join(" ").into());
    map.insert("token_type".into(), "Bearer".into());
    map.extend(refresh_token.map(|token| ("refresh_token".to_owned(), token.into())));
    map.extend(id_token.map(|token| ("id_token".to_owned(), token.into())));
    state.grants.issue(person, client, scopes, token, now);
    Answer::json(200, &Value::Object(map))
}

async fn revoke(Extract(shared): Extract<Arc<Shared>>, request: Request) -> Response {
    run(&shared, "oauth.revoke", "", request, |state, incoming, _| {
        let from_query = Query::parse(&incoming.query).one("token").map(str::to_owned);
        let token = form(&incoming.body).remove("token").or(from_query).unwrap_or_default();
        if state.grants.revoke_token(&token) {
            Answer::json(200, &json!({}))
        } else {
            refused(400, "invalid_token", "Token expired or revoked")
        }
    })
    .await
}
