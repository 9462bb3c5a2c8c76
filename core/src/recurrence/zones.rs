//! Where time zones come from.

use std::{collections::HashMap, ops::Deref, sync::LazyLock};

use super::Zone;
use crate::{Error, ErrorKind, Result};

static UTC: LazyLock<Zone> = LazyLock::new(Zone::utc);

/// Knows time zones by their IANA name.
///
/// # Guarantees every implementation gives
/// - The same name gives the same zone for as long as it lives.
/// - `UTC` is known; an unknown name is none, never a guess.
pub trait TimeZones: Send + Sync {
    /// The zone called `name`, letter for letter.
    fn zone(&self, name: &str) -> Option<&Zone>;

    /// The zone called `name`, or UTC where there is no name or it is unknown: for what must be shown or stored
    /// in any case. What a person or agent writes goes through [`known`](Self::known).
    fn zone_or_utc(&self, name: Option<&str>) -> &Zone {
        name.and_then(|name| self.zone(name)).unwrap_or(&UTC)
    }

    /// The zone called `name`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is unknown.
    fn known(&self, name: &str) -> Result<&Zone> {
        self.zone(name).ok_or_else(|| {
            let shown: String = name.chars().take(64).flat_map(char::escape_default).collect();
            let message =
                format!("time zone \"{shown}\" is not known: use an IANA name such as Europe/Berlin");
            Error::new(ErrorKind::InvalidInput, message)
        })
    }
}

impl<T: Deref<Target: TimeZones> + Send + Sync> TimeZones for T {
    fn zone(&self, name: &str) -> Option<&Zone> {
        self.deref().zone(name)
    }
}

/// UTC under its usual names and nothing else: for hosts without zones.
#[derive(Clone, Copy, Debug, Default)]
pub struct UtcOnly;

impl TimeZones for UtcOnly {
    fn zone(&self, name: &str) -> Option<&Zone> {
        matches!(name, "UTC" | "Etc/UTC" | "GMT" | "Etc/GMT").then_some(&*UTC)
    }
}

/// Zones that a host handed over, and UTC.
#[derive(Clone, Debug, Default)]
pub struct ZoneTable(HashMap<Box<str>, Zone>);

impl FromIterator<Zone> for ZoneTable {
    /// Of two zones of one name the last stays.
    fn from_iter<I: IntoIterator<Item = Zone>>(zones: I) -> Self {
        Self(zones.into_iter().map(|zone| (zone.name().into(), zone)).collect())
    }
}

impl TimeZones for ZoneTable {
    fn zone(&self, name: &str) -> Option<&Zone> {
        self.0.get(name).or_else(|| UtcOnly.zone(name))
    }
}
