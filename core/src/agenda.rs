//! What happens on which day: events grouped by local day, in the order a person reads them.

mod days_of;

use chrono::{NaiveDate, TimeDelta};

use crate::{
    recurrence::Zone,
    time::{LocalTime, TimeRange},
};

pub(crate) use self::days_of::days_of;
pub use self::days_of::{Agenda, AgendaItem, AgendaQuery};

/// A day and what happens on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaDay<T> {
    /// The day, in the zone asked for.
    pub date: NaiveDate,
    /// What happens, by start; what began on an earlier day comes first.
    pub items: Vec<T>,
}

/// The days of `range` in `zone` on which something happens, in order. What lasts longer than a day is on each of
/// its days; of two that start together, the longer comes first, then the one that was given first.
///
/// ```
/// use theo_calendar::{agenda::agenda, recurrence::Zone, time::TimeRange};
///
/// let range = |start: &str, end: &str| TimeRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
/// let day = range("2025-03-03T00:00:00Z", "2025-03-04T00:00:00Z");
/// let night = range("2025-03-03T22:00:00Z", "2025-03-04T02:00:00Z");
/// let standup = range("2025-03-03T09:00:00Z", "2025-03-03T09:15:00Z");
///
/// let days = agenda([(night, "train"), (standup, "standup")], &day, &Zone::utc());
/// assert_eq!(days.len(), 1);
/// assert_eq!(days[0].items, ["standup", "train"]);
/// ```
pub fn agenda<T: Clone>(
    items: impl IntoIterator<Item = (TimeRange, T)>,
    range: &TimeRange,
    zone: &Zone,
) -> Vec<AgendaDay<T>> {
    let mut items: Vec<(TimeRange, T)> = items.into_iter().filter(|(span, _)| span.overlaps(range)).collect();
    items.sort_by(|(one, _), (other, _)| {
        one.start().cmp(&other.start()).then_with(|| other.end().cmp(&one.end()))
    });
    let mut dated: Vec<(NaiveDate, T)> = Vec::new();
    for (span, item) in items {
        let Some(shown) = span.intersection(range) else { continue };
        let first = LocalTime::new(shown.start(), zone).date();
        let last = LocalTime::new(shown.end() - TimeDelta::nanoseconds(1), zone).date();
        let days = first.iter_days().take_while(|day| *day <= last);
        dated.extend(days.map(|day| (day, item.clone())));
    }
    dated.sort_by_key(|(day, _)| *day);
    let mut days: Vec<AgendaDay<T>> = Vec::new();
    for (date, item) in dated {
        match days.last_mut() {
            Some(day) if day.date == date => day.items.push(item),
            _ => days.push(AgendaDay { date, items: vec![item] }),
        }
    }
    days
}
