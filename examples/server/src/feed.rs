//! Waking those who read a person's change feed.

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
