//! Talking to Google: calls of [`google`](crate::google), sent with a token, within limits, retried where that is safe.

mod account;
mod builder;
mod page;
mod rate_limit;
mod retry;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::future::{Either, select};
use http::{HeaderValue, header};
use secrecy::ExposeSecret;
use url::Url;

use crate::{
    Error, ErrorKind, Result,
    auth::{AccessToken, Freshness, TokenProvider},
    google::{Call, Idempotency, Operation},
    http::HttpClient,
    id::AccountKey,
    time::{Clock, Timer},
};

pub use account::AccountClient;
pub use builder::CalendarClientBuilder;
pub use rate_limit::{
    Decision, Limit, REQUESTS_PER_PROJECT_PER_MINUTE, REQUESTS_PER_USER_PER_MINUTE, RateLimiter, RateLimits,
    Tariff,
};
pub use retry::RetryPolicy;

use retry::RetryQuota;

/// The reason of an error that the client's own limiter made.
const LOCAL_LIMIT: &str = "localLimit";

/// Google Calendar for every account of a host. Clones share their limits and their retry quota.
///
/// - A token goes only to Google, or to the one root the host configured, over https unless that is this machine.
/// - What is refused locally ([`ErrorKind::InvalidInput`], [`ErrorKind::ScopeMissing`]) was never sent.
/// - A call that may have taken effect is sent again only where twice is the same as once.
///
/// ```
/// use std::sync::Arc;
/// use theo_calendar::{
///     auth::StaticToken, client::CalendarClient, google::EventsView, id::AccountKey,
///     testing::{FakeClock, FakeTimer, ScriptedHttp},
/// };
///
/// # async fn example() -> theo_calendar::Result<()> {
/// let http = ScriptedHttp::default();
/// http.answer(200, r#"{"items": [{"id": "lunch", "summary": "Lunch"}]}"#);
/// let clock = FakeClock::default();
/// let timer = FakeTimer::new(&clock);
/// let client = CalendarClient::builder(http, StaticToken::new("secret"), clock, timer).build()?;
///
/// let ada = client.for_account(&AccountKey::new("ada", "ada@example.com"));
/// let page = ada.events_page(&"primary".into(), &EventsView::default().into(), None).await?;
/// assert_eq!(page.events[0].summary.as_deref(), Some("Lunch"));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone)]
pub struct CalendarClient(Arc<Inner>);

struct Inner {
    http: Arc<dyn HttpClient>,
    tokens: Arc<dyn TokenProvider>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    root: Url,
    timeout: Duration,
    retry: RetryPolicy,
    quota: RetryQuota,
    limiter: Option<RateLimiter>,
}

/// A call as it is sent, whatever it is for.
struct Exchange<'a> {
    account: &'a AccountKey,
    operation: Operation,
    idempotency: Idempotency,
    request: http::Request<Bytes>,
    read: &'a mut Read<'a>,
}

/// Reads an answer that came at an instant.
type Read<'a> = dyn FnMut(&http::Response<Bytes>, DateTime<Utc>) -> Result<()> + Send + 'a;

/// What a call brought, and whether it may have been applied more than once on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<T> {
    /// What it brought.
    pub value: T,
    /// Whether an earlier attempt got no answer and may have been applied as well: look for a duplicate.
    pub retried_in_doubt: bool,
}

impl CalendarClient {
    /// Starts to build a client over the seams of a host.
    pub fn builder(
        http: impl HttpClient + 'static,
        tokens: impl TokenProvider + 'static,
        clock: impl Clock + 'static,
        timer: impl Timer + 'static,
    ) -> CalendarClientBuilder {
        CalendarClientBuilder::new(Arc::new(http), Arc::new(tokens), Arc::new(clock), Arc::new(timer))
    }

    /// The calls of one account.
    pub fn for_account(&self, account: &AccountKey) -> AccountClient {
        AccountClient::new(self.clone(), account.clone())
    }

    /// The limiter all calls go through, where there is one.
    pub fn rate_limiter(&self) -> Option<&RateLimiter> {
        self.0.limiter.as_ref()
    }

    /// Makes `call` for `account`.
    async fn call<C: Call>(&self, account: &AccountKey, call: &C) -> Result<Reply<C::Answer>> {
        let (operation, idempotency) = (call.operation(), call.idempotency());
        let request = call.request(&self.0.root).map_err(|error| error.with_operation(operation.name()))?;
        let mut answer = None;
        let mut read = |response: &http::Response<Bytes>, now| {
            call.answer(response, now).map(|read| answer = Some(read))
        };
        let exchange = Exchange { account, operation, idempotency, request, read: &mut read };
        let retried_in_doubt = self.exchange(exchange).await?;
        let value = answer.expect("an exchange that ends well has read its answer");
        Ok(Reply { value, retried_in_doubt })
    }

    /// Sends a request until it is answered well, or may not be sent again; says whether an earlier attempt got no
    /// answer and may have been applied. The same for every sort of call, so that there is one of it.
    async fn exchange(&self, mut exchange: Exchange<'_>) -> Result<bool> {
        let name = exchange.operation.name();
        let started = self.0.clock.now();
        let (mut attempts, mut freshness, mut renewed, mut in_doubt) = (0, Freshness::Cached, false, false);
        loop {
            let waited = (self.0.clock.now() - started).to_std().unwrap_or_default();
            let left = self.0.retry.total.saturating_sub(waited);
            attempts += 1;
            let error = match self.attempt(&mut exchange, freshness, left).await {
                Ok(()) => {
                    self.0.quota.refill();
                    return Ok(in_doubt);
                }
                Err(error) => error,
            };
            if error.needs_token_refresh() && !renewed {
                (freshness, renewed) = (Freshness::Renewed, true);
                continue;
            }
            freshness = Freshness::Cached;
            let is_write = exchange.idempotency != Idempotency::Read;
            in_doubt |= is_write && error.is_ambiguous();
            let waited = (self.0.clock.now() - started).to_std().unwrap_or_default();
            let left = self.0.retry.total.saturating_sub(waited);
            match self.0.retry.wait(&error, exchange.idempotency, attempts, left) {
                Some(wait) if self.0.quota.take() => {
                    tracing::debug!(operation = name, attempts, ?wait, error = %error, "trying again");
                    self.0.timer.sleep(wait).await;
                }
                _ if is_write => return Err(error.with_ambiguity(in_doubt).with_operation(name)),
                _ => return Err(error.with_operation(name)),
            }
        }
    }

    /// Sends the request once, as soon as the limits allow and within `left`.
    async fn attempt(&self, exchange: &mut Exchange<'_>, freshness: Freshness, left: Duration) -> Result<()> {
        // Whatever goes wrong before the request is sent leaves no doubt about it.
        let unsent = |error: Error| error.with_ambiguity(false);
        let (account, operation) = (exchange.account, exchange.operation);
        let token = self.token(account, freshness).await.map_err(unsent)?;
        check_scopes(operation, &token)?;
        if let Some(limiter) = &self.0.limiter {
            match limiter.reserve(account, operation, left).await.map_err(unsent)? {
                Duration::ZERO => {}
                wait => self.0.timer.sleep(wait).await,
            }
        }
        let request = authorised(&exchange.request, &token)?;
        let response = self.send(request).await?;
        (exchange.read)(&response, self.0.clock.now())
    }

    /// Fails with [`ErrorKind::ScopeMissing`] where `account` is known not to have granted what `operation` needs.
    pub(crate) async fn check_granted(&self, account: &AccountKey, operation: Operation) -> Result<()> {
        let token = self.token(account, Freshness::Cached).await?;
        check_scopes(operation, &token).map_err(|error| error.with_operation(operation.name()))
    }

    async fn token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        let asking = self.0.tokens.access_token(account, freshness);
        match select(asking, self.0.timer.sleep(self.0.timeout)).await {
            Either::Left((token, _)) => token,
            Either::Right(((), _)) => {
                let seconds = self.0.timeout.as_secs_f64();
                Err(Error::new(
                    ErrorKind::Timeout,
                    format!("no access token within {seconds} seconds; nothing was sent"),
                ))
            }
        }
    }

    /// Sends `request` once, as it is.
    pub(crate) async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>> {
        let sending = self.0.http.send(request);
        match select(sending, self.0.timer.sleep(self.0.timeout)).await {
            Either::Left((Ok(response), _)) => Ok(response),
            Either::Left((Err(error), _)) => {
                let sent = error.may_have_been_sent();
                Err(Error::new(ErrorKind::Connection, error.to_string())
                    .with_ambiguity(sent)
                    .with_source(error))
            }
            Either::Right(((), _)) => {
                let seconds = self.0.timeout.as_secs_f64();
                Err(Error::new(ErrorKind::Timeout, format!("no answer within {seconds} seconds")))
            }
        }
    }
}

impl std::fmt::Debug for CalendarClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CalendarClient")
            .field("root", &self.0.root.as_str())
            .field("timeout", &self.0.timeout)
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}

/// Refuses what the grant, where it is known, does not allow.
fn check_scopes(operation: Operation, token: &AccessToken) -> Result<()> {
    match &token.scopes {
        Some(scopes) if !operation.is_authorised_by(scopes) => {
            let scope = operation.scope_to_ask();
            let message = format!("the person has not granted {scope}: ask them for it; nothing was sent");
            Err(Error::new(ErrorKind::ScopeMissing, message))
        }
        _ => Ok(()),
    }
}

fn authorised(request: &http::Request<Bytes>, token: &AccessToken) -> Result<http::Request<Bytes>> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", token.secret.expose_secret())).map_err(|_| {
            Error::new(ErrorKind::Unauthorized, "the access token holds characters no token has")
                .with_ambiguity(false)
        })?;
    value.set_sensitive(true);
    let mut request = request.clone();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    Ok(request)
}
