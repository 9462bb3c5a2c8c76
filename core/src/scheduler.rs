//! The ticks, for a host that has no scheduler of its own.

mod bell;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use async_lock::OnceCell;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, join, join5, select};

use self::bell::{Bell, RingingQueue};
use crate::{
    CalendarService, Result,
    sync::SyncResource,
    time::{Clock, Timer},
};

/// What a tick takes at a time; where there is more, it runs again at once.
const BATCH: usize = 100;

/// How long a tick rests whose store failed.
const RETRY: Duration = Duration::from_secs(60);

/// How long Google's bursts of notifications last.
const DEBOUNCE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug)]
enum Tick {
    Sync,
    Expire,
    Reconcile,
    Renew,
    Embed,
}

/// Runs every tick of a service when it next wants to run, and syncs at once what is notified.
///
/// - Any number of processes may run one over the same store: they share the work, and none of it is done twice.
/// - Each waits up to a tenth longer than it has to, by chance, so that many do not all wake at once.
/// - What is new to a calendar list is watched at once, not when channels are renewed next.
/// - A tick whose store fails is logged and runs again a minute later; nothing ends the others.
///
/// One calendar is synced at a time: for many people use the workers of `theo-calendar-postgres`, which share a queue.
///
/// ```
/// # #[cfg(all(feature = "reqwest", feature = "tokio", feature = "tzdb"))]
/// # fn example(service: theo_calendar::CalendarService) {
/// use std::sync::Arc;
/// use theo_calendar::{Scheduler, time::{SystemClock, TokioTimer}};
///
/// let scheduler = Scheduler::new(service, Arc::new(SystemClock), Arc::new(TokioTimer));
/// // What takes notifications, so that they are followed without delay: receive_webhook of this one.
/// let service = scheduler.service().clone();
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// tokio::spawn(async move { scheduler.run(async { _ = stopped.await }).await });
/// # }
/// ```
#[derive(Clone)]
pub struct Scheduler {
    service: CalendarService,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    notified: Arc<Bell>,
    unwatched: Arc<Bell>,
}

impl Scheduler {
    /// For `service`, in the time of `clock` and `timer`.
    pub fn new(service: CalendarService, clock: Arc<dyn Clock>, timer: Arc<dyn Timer>) -> Self {
        let notified = Arc::new(Bell::default());
        let queue = RingingQueue::new(service.store(), clock.clone(), notified.clone());
        let service = service.with_sync_queue(Arc::new(queue), DEBOUNCE);
        Self { service, clock, timer, notified, unwatched: Arc::default() }
    }

    /// The service, whose [`receive_webhook`](CalendarService::receive_webhook) wakes this scheduler.
    pub fn service(&self) -> &CalendarService {
        &self.service
    }

    /// Runs the ticks until `until` is over; then begins none, and ends when those that run have ended.
    ///
    /// Dropped meanwhile it stops at once, and as safely: what was begun is taken up by whoever ticks next.
    pub async fn run(&self, until: impl Future<Output = ()> + Send) {
        let (over, rest) = (OnceCell::new(), Bell::default());
        let end = async {
            until.await;
            _ = over.set(()).await;
        };
        let every = |tick, bell| self.every(tick, bell, &over);
        let ticks = join5(
            every(Tick::Sync, &self.notified),
            every(Tick::Expire, &rest),
            every(Tick::Reconcile, &rest),
            every(Tick::Renew, &self.unwatched),
            every(Tick::Embed, &rest),
        );
        join(end, ticks).await;
    }

    /// Says when to run it again.
    async fn tick(&self, tick: Tick) -> Result<DateTime<Utc>> {
        Ok(match tick {
            Tick::Sync => {
                let tick = self.service.sync_due(BATCH).await?;
                // What is new has no channel, and would get one hours later.
                if tick.resources.iter().any(|synced| matches!(synced, SyncResource::CalendarList(_))) {
                    self.unwatched.set(self.clock.now());
                }
                tick.next_at
            }
            Tick::Expire => self.service.expire_due(BATCH).await?.next_run,
            Tick::Reconcile => self.service.reconcile_due(BATCH).await?.next_run,
            Tick::Renew => self.service.renew_due(BATCH).await?.next_at,
            Tick::Embed => self.service.embed_due(BATCH).await?.next_at,
        })
    }

    async fn every(&self, tick: Tick, bell: &Bell, over: &OnceCell<()>) {
        while !over.is_initialized() {
            bell.hush();
            // Boxed: what all the ticks are made of together is more than a stack should carry.
            let next_at = match Box::pin(self.tick(tick)).await {
                Ok(next_at) => next_at,
                Err(error) => {
                    tracing::warn!(?tick, %error, "a tick failed and runs again in a minute");
                    later(self.clock.now(), RETRY)
                }
            };
            let wait = (next_at - self.clock.now()).to_std().unwrap_or_default();
            let next_at = later(next_at, wait.mul_f64(fastrand::f64() / 10.0));
            if !self.rest(next_at, bell, over).await {
                return;
            }
        }
    }

    /// Waits until then, or until the time that the bell was set to; false where it is over first.
    async fn rest(&self, next_at: DateTime<Utc>, bell: &Bell, over: &OnceCell<()>) -> bool {
        loop {
            let wake_at = bell.set_to().map_or(next_at, |at| at.min(next_at));
            let Ok(wait) = (wake_at - self.clock.now()).to_std() else { return true };
            if wait.is_zero() {
                return true;
            }
            let woken = select(self.timer.sleep(wait), Box::pin(bell.rung()));
            if let Either::Right(_) = select(woken, Box::pin(over.wait())).await {
                return false;
            }
        }
    }
}

fn later(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| time.checked_add_signed(by)).unwrap_or(time)
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").finish_non_exhaustive()
    }
}
