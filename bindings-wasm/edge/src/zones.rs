//! Time zones as the host's `Intl` knows them.

use std::sync::{Mutex, PoisonError};

use theo_calendar::recurrence::{TimeZones, UtcOnly, Zone};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./zones.js")]
extern "C" {
    /// The offset before the first change of zone `name`, then the instant of each change and the offset from then on,
    /// all in seconds; none where the host knows no such zone.
    #[wasm_bindgen(js_name = timeZoneChanges)]
    fn changes(name: &str) -> Option<Vec<f64>>;
}

/// The zones of the host, each asked for once and kept for as long as the module lives: there are some 600 names, and
/// calendars name a few.
pub struct HostZones(Mutex<Vec<&'static Zone>>);

/// The one of the module.
pub static HOST_ZONES: HostZones = HostZones(Mutex::new(Vec::new()));

impl TimeZones for HostZones {
    fn zone(&self, name: &str) -> Option<&Zone> {
        if let Some(utc) = UtcOnly.zone(name) {
            return Some(utc);
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zone) = kept.iter().find(|zone| zone.name() == name) {
            return Some(zone);
        }
        let zone: &'static Zone = Box::leak(Box::new(read(name)?));
        kept.push(zone);
        Some(zone)
    }
}

/// Seconds and offsets are whole, and no further off than a `Date` reaches.
fn read(name: &str) -> Option<Zone> {
    let changes = changes(name)?;
    let (first_offset, changes) = changes.split_first()?;
    let (changes, _) = changes.as_chunks::<2>();
    Zone::new(
        name,
        *first_offset as i32,
        changes.iter().map(|[begin, offset]| (*begin as i64, *offset as i32)),
    )
    .ok()
}
