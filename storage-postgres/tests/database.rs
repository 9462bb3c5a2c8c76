//! The store in PostgreSQL holds to what every store must hold to, and to what only a database can promise.

#[path = "database/audit.rs"]
mod audit;
#[path = "database/back_fill.rs"]
mod back_fill;
#[path = "database/dropped.rs"]
mod dropped;
#[path = "database/failures.rs"]
mod failures;
#[path = "database/feed.rs"]
mod feed;
#[path = "database/partitions.rs"]
mod partitions;
#[path = "database/roles.rs"]
mod roles;
#[path = "database/schema.rs"]
mod schema;
#[path = "database/search.rs"]
mod search;
#[path = "database/tls.rs"]
mod tls;
#[path = "database/tokens.rs"]
mod tokens;

use std::sync::Arc;

use theo_calendar::store_conformance;
use theo_calendar_postgres::testing::FreshDatabase;

store_conformance! { as_owner => Arc::new(FreshDatabase::migrated().await.store()) }
store_conformance! { as_member => Arc::new(roles::member().await.store()) }
store_conformance! { partitioned => Arc::new(partitions::partitioned().await.store()) }
