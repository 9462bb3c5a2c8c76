//! Calls that nobody waits for any more.

use std::{future::Future, pin::pin, task::Poll, time::Duration};

use sqlx::postgres::PgPoolOptions;
use theo_calendar::{
    Result,
    storage::{LeaseStore, SyncStore},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

/// On one connection, so that whatever a dropped call leaves on it is there for the next.
#[tokio::test]
async fn a_call_that_is_dropped_at_any_point_leaves_no_transaction_to_the_next() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy(database.url()).unwrap();
    let store = PostgresStore::from_pool(pool, FreshDatabase::keys());
    let user = "ada".into();
    store.sync_states(&user).await?;
    let (mut superuser, mut dropped) = (database.superuser().await, 0);
    for polls in 1.. {
        let lived = polled(polls, store.sync_states(&user)).await;

        let name = format!("after {polls}");
        store.acquire(&name, "a worker", Duration::from_secs(60)).await?;
        let is_there: bool =
            sqlx::query_scalar(IS_THERE).bind(&name).fetch_one(&mut superuser).await.unwrap();
        assert!(
            is_there,
            "dropped after {polls} polls: the lease was taken in a transaction that nothing ends"
        );
        if lived {
            break;
        }
        dropped += 1;
    }
    println!("dropped at {dropped} points");
    // How often a call waits is the machine's affair; that it waits for its transaction to begin is not.
    assert!(dropped >= 1);
    Ok(())
}

const IS_THERE: &str = "
    SELECT EXISTS (SELECT FROM leases WHERE name = $1)";

/// Polls `call` so often and drops it; says whether it came to its end.
async fn polled(polls: usize, call: impl Future) -> bool {
    let (mut call, mut left) = (pin!(call), polls);
    std::future::poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending if left == 1 => Poll::Ready(false),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
