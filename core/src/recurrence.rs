//! When events happen: time zones, and what their wall clocks say.
//!
//! Nothing here knows HTTP, storage or a clock. Zones come in through [`TimeZones`], so that a browser hands over
//! what its own `Intl` knows and carries no database.

#[cfg(feature = "tzdb")]
mod tzdb;
mod zone;
mod zones;

#[cfg(feature = "tzdb")]
pub use tzdb::Tzdb;
pub use zone::Zone;
pub use zones::{TimeZones, UtcOnly, ZoneTable};
