//! Access tokens renewed from a stored grant (RFC 6749, section 6).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AccessToken, Freshness, OAuthClient, TOKEN, TokenAnswer, TokenProvider};
use crate::{
    Error, ErrorKind, Result,
    http::HttpClient,
    id::AccountKey,
    storage::{StoredGrant, TokenStore},
    time::Clock,
};

/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a renewal answers everybody who asks for one: callers whose requests were refused together ask over some time.
const SHARED: Duration = Duration::from_secs(10);

/// Access tokens from grants in a store, renewed when they near their end or Google refuses them.
///
/// - Of callers that need a renewal of one account at about the same time, one asks Google and all get what it got.
/// - The refresh token is kept where Google's answer names no new one.
/// - A renewal that ends after the account was disconnected, or connected anew, changes nothing.
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
    /// [`ErrorKind::InvalidInput`] when an address of `client` is neither https nor this machine.
    pub fn new(
        http: impl HttpClient + 'static,
        store: Arc<dyn TokenStore>,
        clock: impl Clock + 'static,
        client: OAuthClient,
    ) -> Result<Self> {
        client.check()?;
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
        let response = self.http.send(self.client.refresh(refresh_token)?).await.map_err(|error| {
            Error::new(ErrorKind::Connection, error.to_string()).with_operation(TOKEN).with_source(error)
        })?;
        let now = self.clock.now();
        let answer = TokenAnswer::read(&response, now)?;
        Ok(answer.grant(&old.scopes, old.refresh_token.clone(), now))
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
        let renewed = self.renew(account, &grant).await?;
        let renewed = match self.store.renew_grant(account, &grant, &renewed).await? {
            true => renewed,
            // The person disconnected the account meanwhile, or connected it anew.
            false => self.grant(account).await?,
        };
        *renewed_at = Some(self.clock.now());
        Ok(renewed.into())
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
