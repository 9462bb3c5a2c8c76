//! Access tokens renewed from a stored grant (RFC 6749, section 6).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{AccessToken, Freshness, TokenProvider, scope};
use crate::{
    Error, ErrorKind, Result, google,
    http::HttpClient,
    id::AccountKey,
    storage::{StoredGrant, TokenStore},
    time::Clock,
};

/// Google's token endpoint.
pub const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";

/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a renewal answers everybody who asks for one: callers whose requests were refused together ask over some time.
const SHARED: Duration = Duration::from_secs(10);

const OPERATION: &str = "oauth2.token";

/// The host's own registration at Google.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// Client id.
    pub id: String,
    /// Client secret; none for a public client.
    pub secret: Option<SecretString>,
    /// Where tokens come from: [`TOKEN_URL`], or a fake's.
    pub token_url: Url,
}

/// Access tokens from grants in a store, renewed when they near their end or Google refuses them.
///
/// - Of callers that need a renewal of one account at about the same time, one asks Google and all get what it got.
/// - The refresh token is kept where Google's answer names no new one.
/// - A grant that Google says is gone ([`ErrorKind::GrantRevoked`]) stays in the store: nothing of the person's is lost.
pub struct RefreshingTokens {
    http: Arc<dyn HttpClient>,
    store: Arc<dyn TokenStore>,
    clock: Arc<dyn Clock>,
    client: OAuthClient,
    renewals: Mutex<HashMap<AccountKey, Renewal>>,
}

/// When an account's token was last renewed here; locked while it is being renewed.
type Renewal = Arc<async_lock::Mutex<Option<DateTime<Utc>>>>;

impl RefreshingTokens {
    /// Tokens from the grants of `store`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the token URL is neither https nor this machine.
    pub fn new(
        http: impl HttpClient + 'static,
        store: Arc<dyn TokenStore>,
        clock: impl Clock + 'static,
        client: OAuthClient,
    ) -> Result<Self> {
        if !google::is_trusted(&client.token_url) {
            let message = "the token URL must be https, or http to this machine only, without a login";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let (http, clock, renewals) = (Arc::new(http), Arc::new(clock), Mutex::default());
        Ok(Self { http, store, clock, client, renewals })
    }

    async fn grant(&self, account: &AccountKey) -> Result<StoredGrant> {
        self.store.grant(account).await?.ok_or_else(|| revoked(account, "is not connected"))
    }

    fn is_fresh(&self, grant: &StoredGrant) -> bool {
        self.clock.now() + MARGIN < grant.expires_at
    }

    fn renewal(&self, account: &AccountKey) -> Renewal {
        let mut renewals = self.renewals.lock().unwrap_or_else(PoisonError::into_inner);
        renewals.entry(account.clone()).or_default().clone()
    }

    async fn renew(&self, account: &AccountKey, old: &StoredGrant) -> Result<StoredGrant> {
        let Some(refresh_token) = &old.refresh_token else {
            return Err(revoked(account, "has no refresh token, and its access token is no longer good"));
        };
        let response = self.http.send(self.request(refresh_token)?).await.map_err(|error| {
            Error::new(ErrorKind::Connection, error.to_string()).with_operation(OPERATION).with_source(error)
        })?;
        let now = self.clock.now();
        if !response.status().is_success() {
            return Err(google::refusal(OPERATION, false, &response, now));
        }
        // Not the parser's own error: it may quote the answer, and the answer holds tokens.
        let answer: TokenAnswer = serde_json::from_slice(response.body()).map_err(|_| {
            Error::new(ErrorKind::MalformedResponse, "the answer holds no access token")
                .with_operation(OPERATION)
        })?;
        Ok(StoredGrant {
            access_token: answer.access_token.into(),
            expires_at: now + TimeDelta::seconds(answer.expires_in.unwrap_or(3600).into()),
            refresh_token: answer.refresh_token.map(SecretString::from).or_else(|| old.refresh_token.clone()),
            scopes: answer.scope.map_or_else(|| old.scopes.clone(), |text| scope::parse_scopes(&text)),
        })
    }

    fn request(&self, refresh_token: &SecretString) -> Result<http::Request<Bytes>> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "refresh_token")
            .append_pair("refresh_token", refresh_token.expose_secret())
            .append_pair("client_id", &self.client.id);
        if let Some(secret) = &self.client.secret {
            form.append_pair("client_secret", secret.expose_secret());
        }
        http::Request::builder()
            .method(Method::POST)
            .uri(self.client.token_url.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(form.finish().into())
            .map_err(|error| {
                Error::new(ErrorKind::InvalidInput, "the token URL is no address").with_source(error)
            })
    }
}

#[async_trait]
impl TokenProvider for RefreshingTokens {
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        let grant = self.grant(account).await?;
        if freshness == Freshness::Cached && self.is_fresh(&grant) {
            return Ok(grant.into());
        }
        let renewal = self.renewal(account);
        let mut renewed_at = renewal.lock().await;
        // While this one waited for its turn, another may have renewed it.
        let grant = self.grant(account).await?;
        let is_recent = renewed_at.is_some_and(|at| self.clock.now() < at + SHARED);
        if self.is_fresh(&grant) && (freshness == Freshness::Cached || is_recent) {
            return Ok(grant.into());
        }
        let grant = self.renew(account, &grant).await?;
        self.store.put_grant(account, &grant).await?;
        *renewed_at = Some(self.clock.now());
        Ok(grant.into())
    }
}

impl From<StoredGrant> for AccessToken {
    fn from(grant: StoredGrant) -> Self {
        // A grant whose scopes nobody wrote down refuses nothing locally.
        let scopes = Some(grant.scopes).filter(|scopes| !scopes.is_empty());
        Self { secret: grant.access_token, scopes }
    }
}

impl std::fmt::Debug for RefreshingTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshingTokens").field("client", &self.client).finish_non_exhaustive()
    }
}

fn revoked(account: &AccountKey, why: &str) -> Error {
    let message = format!("{} {why}: ask the person to connect it again", account.account);
    Error::new(ErrorKind::GrantRevoked, message)
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: Option<u32>,
    refresh_token: Option<String>,
    scope: Option<String>,
}
