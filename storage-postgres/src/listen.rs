//! Waking readers of the change feed.

use std::fmt;

use sqlx::postgres::PgListener;
use theo_calendar::{Result, id::UserId};

use crate::{PostgresStore, error::failed};

/// Says whose change feed grew, as soon as the change is committed.
///
/// It wakes a reader and carries no change: what was committed while its connection was down is found by reading on
/// from the reader's own cursor.
pub struct ChangeListener {
    listener: PgListener,
}

impl PostgresStore {
    /// Listens on a connection of its own.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](theo_calendar::ErrorKind::Storage) when the database cannot be reached.
    pub async fn listen(&self) -> Result<ChangeListener> {
        let mut listener = PgListener::connect_with(&self.pool).await.map_err(failed("listening"))?;
        listener.listen("theo_changes").await.map_err(failed("listening"))?;
        Ok(ChangeListener { listener })
    }
}

impl ChangeListener {
    /// Waits for the next change; none where it may be anybody's, since the connection was made anew meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](theo_calendar::ErrorKind::Storage) when the database cannot be reached again.
    pub async fn next(&mut self) -> Result<Option<UserId>> {
        let notification = self.listener.try_recv().await.map_err(failed("listening"))?;
        let user = notification.as_ref().map(|notification| notification.payload());
        Ok(user.filter(|user| !user.is_empty()).map(UserId::from))
    }
}

impl fmt::Debug for ChangeListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangeListener").finish_non_exhaustive()
    }
}
