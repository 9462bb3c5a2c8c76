//! Calls booked within limits, on the database's own clock.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};
use theo_calendar::{
    Result,
    client::{Decision, Limit, RateLimits},
    id::AccountKey,
    storage::{LimitStore, LimitWindow},
};

use crate::{PostgresStore, convert::int, error::failed};

/// The row of all accounts together.
const PROJECT: &str = "project";

#[async_trait]
impl LimitStore for PostgresStore {
    /// The rows are locked for two round trips: the account's first and the project's last, so that it is held the
    /// shortest and nobody waits in a circle.
    async fn book(
        &self,
        account: &AccountKey,
        limits: &RateLimits,
        cost: u32,
        patience: Duration,
    ) -> Result<Decision> {
        let user = format!("user {:?}", (&account.user, &account.account));
        let of_user = limits.user.iter().map(|limit| (user.as_str(), *limit));
        let rows: Vec<(&str, Limit)> =
            of_user.chain(limits.project.iter().map(|limit| (PROJECT, *limit))).collect();
        let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
        let lengths: Vec<i64> = rows.iter().map(|(_, limit)| int(limit.per.as_micros())).collect();

        let mut booking = self.pool.begin_with(BEGIN).await.map_err(failed(BOOKING))?;
        let mut locked = lock(&mut booking, &names, &lengths).await?;
        while locked.len() < names.len() {
            // Added outside, since rows locked already would make others wait in a circle.
            booking.rollback().await.map_err(failed(BOOKING))?;
            let query = sqlx::query(ADD).bind(&names).bind(&lengths);
            query.execute(&self.pool).await.map_err(failed(BOOKING))?;
            booking = self.pool.begin_with(BEGIN).await.map_err(failed(BOOKING))?;
            locked = lock(&mut booking, &names, &lengths).await?;
        }
        // The last row's: it was read when all were locked.
        let now = locked.iter().map(|row| row.4).max().unwrap_or_default();
        let stored: HashMap<(&str, i64), &Row> =
            locked.iter().map(|row| ((row.0.as_str(), row.1), row)).collect();
        let mut windows: Vec<LimitWindow> = rows
            .iter()
            .zip(&lengths)
            .map(|((name, limit), length)| match stored.get(&(*name, *length)) {
                Some((_, _, first, used, _)) => {
                    LimitWindow::of_slots(*limit, *first, used.iter().map(|units| units.unsigned_abs()))
                }
                None => LimitWindow::new(*limit),
            })
            .collect();
        let decision = LimitWindow::book(&mut windows, cost, now, patience);
        if decision.allowed {
            keep(&mut booking, &names, &lengths, &windows).await?;
        }
        booking.commit().await.map_err(failed(BOOKING))?;
        Ok(decision)
    }
}

const BOOKING: &str = "booking a call within the limits";

/// Name, length, first slot, units of each slot, and the time when it was locked.
type Row = (String, i64, i64, Vec<i32>, DateTime<Utc>);

async fn lock(
    booking: &mut Transaction<'static, Postgres>,
    names: &[&str],
    lengths: &[i64],
) -> Result<Vec<Row>> {
    let query = sqlx::query_as(LOCK).bind(names).bind(lengths);
    query.fetch_all(&mut **booking).await.map_err(failed(BOOKING))
}

async fn keep(
    booking: &mut Transaction<'static, Postgres>,
    names: &[&str],
    lengths: &[i64],
    windows: &[LimitWindow],
) -> Result<()> {
    for ((name, length), window) in names.iter().zip(lengths).zip(windows) {
        let (first, used) = window.slots();
        let used: Vec<i32> = used.map(|units| units.try_into().unwrap_or(i32::MAX)).collect();
        let query = sqlx::query(KEEP).bind(name).bind(length).bind(first).bind(used).bind(window.idle_from());
        query.execute(&mut **booking).await.map_err(failed(BOOKING))?;
    }
    Ok(())
}

/// Nobody waits for the disk while all others wait for the project's row: after a crash of the server, the bookings of
/// its last half second may be forgotten.
const BEGIN: &str = "BEGIN; SET LOCAL synchronous_commit = off";

/// By the primary key, in the order asked for. The clock is read outside, once a row is locked.
const LOCK: &str = "
    WITH locked AS MATERIALIZED (
        SELECT limits.name, limits.length, limits.first_slot, limits.used
        FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted (name, length, place)
        JOIN rate_limits AS limits USING (name, length)
        ORDER BY wanted.place
        FOR UPDATE OF limits
    )
    SELECT name, length, first_slot, used, clock_timestamp()
    FROM locked";

/// Also takes away what counts no more, where nobody is at it.
const ADD: &str = "
    WITH idle AS (
        SELECT name, length
        FROM rate_limits
        WHERE idle_from < clock_timestamp()
          AND (name, length) NOT IN (SELECT * FROM unnest($1::text[], $2::bigint[]))
        LIMIT 10
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM rate_limits
        USING idle
        WHERE rate_limits.name = idle.name
          AND rate_limits.length = idle.length
    )
    INSERT INTO rate_limits (name, length)
    SELECT * FROM unnest($1::text[], $2::bigint[])
    ON CONFLICT (name, length) DO NOTHING";

const KEEP: &str = "
    UPDATE rate_limits
    SET first_slot = $3,
        used = $4,
        idle_from = $5
    WHERE name = $1
      AND length = $2";
