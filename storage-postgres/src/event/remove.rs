//! Removing events, each with a tombstone in the change feed.

use theo_calendar::{
    Result,
    id::{CalendarKey, EventId},
};

use crate::{
    convert::{count, int},
    error::failed,
    tenant::Writing,
};

macro_rules! removal_of_events_that {
    ($which:literal) => {
        concat!(
            "
    WITH gone AS (
        DELETE FROM events
        WHERE user_id = $1
          AND account_id = $2
          AND calendar_id = $3
          AND ",
            $which,
            "
        RETURNING event_id
    ),
    fed AS (
        INSERT INTO changes (user_id, place, account_id, calendar_id, event_id, is_gone, at)
        SELECT $1, $4 + row_number() OVER (ORDER BY event_id), $2, $3, event_id, true, statement_timestamp()
        FROM gone
        ON CONFLICT (user_id, account_id, calendar_id, event_id) DO UPDATE
        SET place = excluded.place,
            is_gone = true,
            at = excluded.at
    )
    SELECT count(*)
    FROM gone"
        )
    };
}

/// By the primary key, and `events_by_master` for the exceptions of those that are masters.
const REMOVE: &str =
    removal_of_events_that!("(event_id = ANY($5::text[]) OR recurring_event_id = ANY($5::text[]))");

/// By the primary key: the sweep looks at every row of the calendar once a complete listing.
const SWEEP: &str = removal_of_events_that!("generation <> $5");

/// By the primary key.
const REMOVE_ALL: &str = removal_of_events_that!("true");

impl Writing {
    /// Removes events, and the exceptions of those that are masters; gives how many went.
    pub(crate) async fn remove_events(&mut self, calendar: &CalendarKey, ids: &[EventId]) -> Result<u64> {
        if ids.is_empty() {
            return Ok(0);
        }
        let names: Vec<&str> = ids.iter().map(EventId::as_str).collect();
        let query = sqlx::query_scalar(REMOVE)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(self.feed())
            .bind(&names);
        let gone = query.fetch_one(&mut *self.transaction).await.map_err(failed("removing events"))?;
        self.release(calendar, &names).await?;
        Ok(self.removed(gone))
    }

    /// Removes what the listing numbered `generation` did not bring; gives how many went.
    pub(crate) async fn sweep_events(&mut self, calendar: &CalendarKey, generation: u64) -> Result<u64> {
        let query = sqlx::query_scalar(SWEEP)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(self.feed())
            .bind(int(generation));
        let gone = query.fetch_one(&mut *self.transaction).await.map_err(failed("sweeping events"))?;
        Ok(self.removed(gone))
    }

    /// Removes all events of a calendar.
    pub(crate) async fn remove_all_events(&mut self, calendar: &CalendarKey) -> Result<u64> {
        let query = sqlx::query_scalar(REMOVE_ALL)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(self.feed());
        let gone = query.fetch_one(&mut *self.transaction).await.map_err(failed("removing events"))?;
        Ok(self.removed(gone))
    }

    fn removed(&mut self, gone: i64) -> u64 {
        self.took_places(gone);
        count(gone)
    }
}
