//! PostgreSQL stores for theo-calendar: the durable mirror.
//!
//! [`PostgresStore`] implements every storage trait of the SDK on one database. All writes for one person lock that
//! person's row first: their change feed rises in commit order, and their audit is one chain, whatever runs beside it.
//!
//! ```no_run
//! use theo_calendar_postgres::{PostgresStore, SealingKey, SealingKeys};
//!
//! # async fn example(key: [u8; 32]) -> theo_calendar::Result<()> {
//! let keys = SealingKeys::new(SealingKey::new("2025-01", key));
//! let store = PostgresStore::connect("postgres://localhost/calendar", keys).await?;
//! store.migrate().await?;
//! # Ok(())
//! # }
//! ```

mod account;
mod approval;
mod audit;
mod calendar;
mod channel;
mod consent;
mod convert;
mod embedding;
mod error;
mod event;
mod lease;
mod limit;
mod listen;
mod migrate;
mod role;
mod search;
mod store;
mod sync;
mod tenant;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
#[cfg(feature = "worker")]
mod worker;

pub use listen::ChangeListener;
pub use store::PostgresStore;
pub use token::{SealingKey, SealingKeys};
#[cfg(feature = "worker")]
pub use worker::{Worker, WorkerHealth, WorkerOptions, WorkerStatus};
