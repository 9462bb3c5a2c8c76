//! When events happen: recurrence rules, time zones, and what their wall clocks say.
//!
//! Nothing here knows HTTP, storage or a clock. Zones come in through [`TimeZones`], so that a browser hands over
//! what its own `Intl` knows and carries no database.

mod fault;
mod ical_time;
mod lines;
mod rule;
#[cfg(feature = "tzdb")]
mod tzdb;
mod zone;
mod zones;

pub use ical_time::IcalTime;
pub use lines::Recurrence;
pub use rule::{Frequency, Rule, RuleEnd};
#[cfg(feature = "tzdb")]
pub use tzdb::Tzdb;
pub use zone::Zone;
pub use zones::{TimeZones, UtcOnly, ZoneTable};
