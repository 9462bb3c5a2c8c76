//! How much one may ask for: how large, how long, how often.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use theo_calendar::{ErrorKind, id::UserId};

use crate::{
    identity::Identity,
    problem::Problem,
    routes::webhook::{self, Disbelieved},
};

/// How much one may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// How long an answer may take; a stream, until it begins.
    pub time: Duration,
    /// Requests a minute of one person, or of one address where nobody is signed in; a minute's worth at once. What
    /// Google notifies of, and is believed, does not count.
    pub requests_per_minute: NonZeroU32,
    /// Change feeds that one person reads at once.
    pub feeds: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let requests_per_minute = NonZeroU32::MIN.saturating_add(1199);
        Self { body: 256 * 1024, time: Duration::from_secs(30), requests_per_minute, feeds: 10 }
    }
}

/// Who asks, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Caller {
    Person(UserId),
    Address(Option<IpAddr>),
}

/// How often each caller asked of late.
#[derive(Clone)]
pub(crate) struct Rates(Arc<DefaultKeyedRateLimiter<Caller>>);

/// Callers that are kept before those who asked nothing of late are forgotten.
const KEPT: usize = 10_000;

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self(Arc::new(RateLimiter::keyed(Quota::per_minute(limits.requests_per_minute))))
    }

    fn check(&self, caller: &Caller) -> Result<(), Problem> {
        if self.0.len() > KEPT {
            self.0.retain_recent();
        }
        self.0.check_key(caller).map_err(|until| {
            let wait = until.wait_time_from(self.0.clock().now());
            let detail = "too many requests: wait as long as Retry-After says";
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, ErrorKind::RateLimited.code(), detail);
            problem.after(wait.as_secs() + 1)
        })
    }
}

pub(crate) async fn rate(State(rates): State<Rates>, request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let caller = match extensions.get::<Identity>() {
        Some(identity) => Caller::Person(identity.user.clone()),
        None => Caller::Address(extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())),
    };
    // All of Google's come from a few addresses, or from one, where a proxy stands before it.
    let is_notification = extensions.get::<MatchedPath>().is_some_and(|path| path.as_str() == webhook::PATH);
    if is_notification {
        let response = next.run(request).await;
        return match response.extensions().get::<Disbelieved>().map(|_| rates.check(&caller)) {
            Some(Err(problem)) => problem.into_response(),
            None | Some(Ok(())) => response,
        };
    }
    match rates.check(&caller) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}
