//! What the routes work with.

use std::sync::Arc;

use theo_calendar::CalendarService;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{
    feed::{ChangeSignal, Readers},
    limits::Limits,
    metrics::Metrics,
};

/// What the routes work with. Clones share everything.
#[derive(Clone)]
pub struct ServerState {
    pub(crate) service: CalendarService,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) limits: Limits,
    pub(crate) changes: ChangeSignal,
    pub(crate) readers: Readers,
    pub(crate) metrics: Metrics,
    /// What goes on after its request was answered.
    pub(crate) tasks: TaskTracker,
    /// Over when the server is to stop: what would go on for ever ends.
    pub(crate) stop: CancellationToken,
}

/// Where people and Google find the server.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Its root, as people reach it.
    pub origin: Url,
    /// Where people are sent once they connected an account.
    pub after_connect: String,
}

impl ServerState {
    /// Routes over `service`, within the default limits. Who reads a change feed is woken by `changes`.
    pub fn new(service: CalendarService, changes: ChangeSignal, addresses: Addresses) -> Self {
        let metrics = Metrics::new();
        Self {
            service,
            changes,
            readers: Readers::new(metrics.feeds.clone()),
            addresses: Arc::new(addresses),
            limits: Limits::default(),
            metrics,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    /// The same within other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Ends what would go on for ever, and waits for what was begun.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
