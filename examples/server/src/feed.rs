//! Those who read a person's change feed: how many, and what wakes them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use prometheus_client::metrics::gauge::Gauge;
use theo_calendar::id::UserId;
use tokio::sync::broadcast;

/// How many wakings a slow reader may be behind before it is told that it missed some.
const BEHIND: usize = 256;

/// Says whose change feed grew; it carries no change, since each reader reads on from a place of their own.
#[derive(Clone, Debug)]
pub struct ChangeSignal(broadcast::Sender<Option<UserId>>);

impl ChangeSignal {
    /// Of which nobody says anything yet.
    pub fn new() -> Self {
        Self(broadcast::Sender::new(BEHIND))
    }

    /// The feed of `user` may have grown; anybody's where none is named.
    pub fn grew(&self, user: Option<UserId>) {
        // Nobody may be reading.
        _ = self.0.send(user);
    }

    pub(crate) fn of(&self, user: UserId) -> Waking {
        Waking { user, signal: self.0.subscribe() }
    }
}

impl Default for ChangeSignal {
    fn default() -> Self {
        Self::new()
    }
}

/// What wakes one reader.
pub(crate) struct Waking {
    user: UserId,
    signal: broadcast::Receiver<Option<UserId>>,
}

impl Waking {
    /// Waits until the feed may have grown; false when nobody will ever say so again.
    pub(crate) async fn next(&mut self) -> bool {
        loop {
            match self.signal.recv().await {
                Ok(Some(user)) if user != self.user => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return true,
                Err(broadcast::error::RecvError::Closed) => return false,
            }
        }
    }
}

/// How many feeds each person reads here.
#[derive(Clone)]
pub(crate) struct Readers {
    of: Arc<Mutex<HashMap<UserId, usize>>>,
    all: Gauge,
}

impl Readers {
    /// Of whom `all` shows the sum.
    pub(crate) fn new(all: Gauge) -> Self {
        Self { of: Arc::default(), all }
    }

    /// One more of `user`, for as long as this is kept; none where they read `most` already.
    pub(crate) fn one_more(&self, user: &UserId, most: usize) -> Option<Reading> {
        let mut of = self.lock();
        let count = of.get(user).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        of.insert(user.clone(), count + 1);
        self.all.inc();
        Some(Reading { readers: self.clone(), user: user.clone() })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, usize>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A feed that is read.
pub(crate) struct Reading {
    readers: Readers,
    user: UserId,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.readers.all.dec();
        let mut of = self.readers.lock();
        match of.get_mut(&self.user) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(of.remove(&self.user)),
        }
    }
}
