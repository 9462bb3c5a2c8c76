//! What is counted, for Prometheus. No label names a person.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// Seconds; most answers come from the mirror, some from Google.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// What is counted. Clones count together.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    /// Approvals that were decided here, by where they then stood.
    pub(crate) approvals: Family<Decided, Counter>,
    /// Change feeds that are being read.
    pub(crate) feeds: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Decided {
    pub(crate) state: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        let (requests, approvals) = (Family::default(), Family::default());
        let feeds = Gauge::default();
        let mut registry = Registry::with_prefix("theo_calendar");
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "How long answers took", seconds.clone());
        registry.register(
            "approvals_decided",
            "Approvals decided, by their state after it",
            approvals.clone(),
        );
        registry.register("change_feeds", "Change feeds being read", feeds.clone());
        Self { registry: Arc::new(registry), requests, seconds, approvals, feeds }
    }

    /// All of it, as OpenMetrics text.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn seconds() -> Histogram {
    Histogram::new(BUCKETS)
}

pub(crate) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let answered = Answered { method: method.clone(), route: route.clone(), status };
    metrics.requests.get_or_create(&answered).inc();
    metrics.seconds.get_or_create(&Route { method, route }).observe(began.elapsed().as_secs_f64());
    response
}
