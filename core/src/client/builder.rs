//! Building a client.

use std::{sync::Arc, time::Duration};

use url::Url;

use super::{CalendarClient, Inner, RateLimiter, RateLimits, RetryPolicy, retry::RetryQuota};
use crate::{
    Error, ErrorKind, Result,
    auth::TokenProvider,
    google,
    http::HttpClient,
    storage::LimitStore,
    time::{Clock, Timer},
};

/// How long one attempt may take (the description's `timeoutMs`).
const TIMEOUT: Duration = Duration::from_secs(30);

/// Builds a [`CalendarClient`].
#[must_use = "it builds nothing until `build`"]
pub struct CalendarClientBuilder {
    http: Arc<dyn HttpClient>,
    tokens: Arc<dyn TokenProvider>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    root: Option<Url>,
    timeout: Duration,
    retry: RetryPolicy,
    limits: Option<RateLimits>,
    shared: Option<Arc<dyn LimitStore>>,
}

impl CalendarClientBuilder {
    pub(super) fn new(
        http: Arc<dyn HttpClient>,
        tokens: Arc<dyn TokenProvider>,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        let (retry, limits) = (RetryPolicy::default(), Some(RateLimits::google()));
        Self { http, tokens, clock, timer, root: None, timeout: TIMEOUT, retry, limits, shared: None }
    }

    /// Calls the API under `root` in place of [`google::ROOT`]: a fake, or a proxy of the host's. Tokens go there.
    pub fn base_url(mut self, root: Url) -> Self {
        self.root = Some(root);
        self
    }

    /// How long one attempt may take; 30 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// When a call is tried again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How often a call is tried again, at most.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.retry.max_retries = max_retries;
        self
    }

    /// The limits calls wait for; [`RateLimits::google`] by default, none with `None`.
    pub fn limits(mut self, limits: impl Into<Option<RateLimits>>) -> Self {
        self.limits = limits.into();
        self
    }

    /// Counts calls in `store`, together with those of every other process that does: by default, each process keeps
    /// within the limits by itself. While the store fails, calls fail.
    pub fn shared_limits(mut self, store: Arc<dyn LimitStore>) -> Self {
        self.shared = Some(store);
        self
    }

    /// Whether calls wait for limits at all: `true` keeps those set, or [`RateLimits::google`].
    pub fn enable_rate_limiting(mut self, enable: bool) -> Self {
        self.limits = enable.then(|| self.limits.unwrap_or_else(RateLimits::google));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the base URL is neither https nor this machine: tokens would be sent in clear.
    pub fn build(self) -> Result<CalendarClient> {
        let root = match self.root {
            Some(root) => root,
            None => Url::parse(google::ROOT).map_err(|error| {
                Error::new(ErrorKind::InvalidInput, "Google's root is no URL").with_source(error)
            })?,
        };
        if !google::is_trusted(&root) {
            let scheme = root.scheme();
            let message = format!(
                "tokens cannot be sent to {:?} over {scheme}: use https, or http to this machine only, without a login",
                root.host_str().unwrap_or_default()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let limiter = self.limits.map(|limits| match self.shared {
            Some(store) => RateLimiter::shared(limits, store),
            None => RateLimiter::new(limits, self.clock.clone()),
        });
        Ok(CalendarClient(Arc::new(Inner {
            http: self.http,
            tokens: self.tokens,
            clock: self.clock,
            timer: self.timer,
            root,
            timeout: self.timeout,
            retry: self.retry,
            quota: RetryQuota::default(),
            limiter,
        })))
    }
}
