//! When events happen: recurrence rules, time zones, and what their wall clocks say.
//!
//! Nothing here knows HTTP, storage or a clock. Zones come in through [`TimeZones`], so that a browser hands over
//! what its own `Intl` knows and carries no database.

mod civil;
mod count;
mod days;
mod expand;
mod fault;
mod fuel;
mod ical_time;
mod instants;
mod lines;
mod occurrence_of;
mod occurrences;
mod original_start;
mod pattern;
mod rule;
mod series;
mod series_move;
mod series_split;
mod stream;
mod times;
#[cfg(feature = "tzdb")]
mod tzdb;
mod walk;
mod zone;
mod zones;

pub(crate) use expand::stands_in_for;
pub use expand::{EventOccurrence, Expansion, expand};
pub use ical_time::IcalTime;
pub use lines::Recurrence;
pub use occurrence_of::occurrence_of;
pub use occurrences::{Occurrence, Occurrences};
pub use original_start::OriginalStart;
pub use rule::{Frequency, Rule, RuleEnd};
pub use series::Series;
pub use series_move::SeriesMove;
pub use series_split::SeriesSplit;
#[cfg(feature = "tzdb")]
pub use tzdb::Tzdb;
pub use zone::Zone;
pub use zones::{TimeZones, UtcOnly, ZoneTable};
