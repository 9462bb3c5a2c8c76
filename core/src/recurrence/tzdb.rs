//! The IANA database compiled into chrono-tz.

use std::sync::OnceLock;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{TimeZones, Zone};

static ZONES: [OnceLock<Zone>; TZ_VARIANTS.len()] = [const { OnceLock::new() }; TZ_VARIANTS.len()];

/// chrono-tz knows transitions from 1845 to 2099; outside of that its offsets stand still, and so do ours.
const FIRST: i64 = -4_102_444_800; // 1840-01-01
const LAST: i64 = 4_133_980_800; // 2101-01-01

/// Two changes of offset are never closer than 6.9 days in chrono-tz 0.10.4, so that a step holds one at most.
const STEP: i64 = 6 * 24 * 3600;

/// The IANA database: every zone, old names too. A zone is read at its first use and then kept.
///
/// ```
/// use theo_calendar::recurrence::{TimeZones, Tzdb};
///
/// assert_eq!(Tzdb.zone("America/New_York").unwrap().name(), "America/New_York");
/// assert!(Tzdb.zone("Mars/Base").is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Tzdb;

impl TimeZones for Tzdb {
    fn zone(&self, name: &str) -> Option<&Zone> {
        let zone: Tz = name.parse().ok()?;
        // The database lists its zones in the order of the enumeration; the test of every zone holds it to that.
        let kept = ZONES.get(zone as usize)?;
        match kept.get() {
            Some(read) => Some(read),
            None => {
                let read = read(zone)?;
                Some(kept.get_or_init(|| read))
            }
        }
    }
}

/// Finds each transition by probing in steps and halving those in which the offset changed.
fn read(zone: Tz) -> Option<Zone> {
    let offset_at = |second: i64| {
        let instant = DateTime::from_timestamp(second, 0).unwrap_or_default();
        zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
    };
    let first_offset = offset_at(FIRST);
    let mut before = first_offset;
    let mut transitions = Vec::new();
    for begin in (FIRST..LAST).step_by(STEP as usize) {
        let after = offset_at(begin + STEP);
        if after != before {
            let (mut old, mut new) = (begin, begin + STEP);
            while new - old > 1 {
                let middle = old + (new - old) / 2;
                if offset_at(middle) == before { old = middle } else { new = middle }
            }
            transitions.push((new, after));
            before = after;
        }
    }
    Zone::new(zone.name(), first_offset, transitions).ok()
}
