//! Every change of offset that the core's own database knows.

use std::io::{self, Write};

use chrono::DateTime;
use theo_calendar::recurrence::{TimeZones, Tzdb, Zone};

const HOUR: i64 = 3_600;
const FROM: i64 = 0; // 1970
const UNTIL: i64 = 4_102_444_800; // 2100

/// Writes `name`, its offset in 1970, and the instant and offset of each change until 2100; a lone name where it is no
/// zone.
pub(crate) fn write_changes(name: &str, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{name}")?;
    if let Some(zone) = Tzdb.zone(name) {
        let mut before = offset(zone, FROM);
        write!(out, " {before}")?;
        for begin in (FROM..UNTIL).step_by((24 * HOUR) as usize) {
            let after = offset(zone, begin + 24 * HOUR);
            if after != before {
                let (mut old, mut new) = (begin, begin + 24 * HOUR);
                while new - old > 1 {
                    let middle = old.midpoint(new);
                    if offset(zone, middle) == before { old = middle } else { new = middle }
                }
                write!(out, " {new} {after}")?;
                before = after;
            }
        }
    }
    writeln!(out)
}

fn offset(zone: &Zone, second: i64) -> i32 {
    zone.offset_at(DateTime::from_timestamp(second, 0).unwrap_or_default())
}
