//! A service over real HTTP, for people whose tokens follow from their names.

use std::sync::Arc;

use async_trait::async_trait;
use theo_calendar::{
    CalendarService, Result,
    auth::{AccessToken, Freshness, TokenProvider},
    client::{CalendarClient, RateLimits},
    http::ReqwestClient,
    id::AccountKey,
    recurrence::Tzdb,
    time::{SystemClock, TokioTimer},
};
use theo_calendar_postgres::PostgresStore;

/// The account of a person, by their number.
pub fn account(number: usize) -> AccountKey {
    AccountKey::new(format!("person-{number}"), format!("person-{number}@example.com"))
}

/// The access token of an account: what the fake is told, and what workers send.
pub fn token(account: &AccountKey) -> String {
    format!("token of {}", account.account).replace(' ', "-")
}

/// The service of one worker process, whose calls share their limits with all others over `store`.
pub fn service(store: &PostgresStore, google: &str, limits: RateLimits, name: &str) -> CalendarService {
    let client = client(store, google, limits);
    CalendarService::new(Arc::new(store.clone()), client, Arc::new(SystemClock), Arc::new(Tzdb), name)
}

/// The client of such a service.
pub fn client(store: &PostgresStore, google: &str, limits: RateLimits) -> CalendarClient {
    CalendarClient::builder(ReqwestClient::new().unwrap(), ByName, SystemClock, TokioTimer)
        .base_url(google.parse().unwrap())
        .limits(limits)
        .shared_limits(Arc::new(store.clone()))
        .build()
        .unwrap()
}

struct ByName;

#[async_trait]
impl TokenProvider for ByName {
    async fn access_token(&self, account: &AccountKey, _: Freshness) -> Result<AccessToken> {
        Ok(AccessToken { secret: token(account).into(), scopes: None })
    }
}
