//! Between what the SDK says and what a column holds.

use std::{borrow::Cow, collections::BTreeSet};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Serialize;
use theo_calendar::{
    Error, ErrorKind, Result,
    id::{AccountId, CalendarId, CalendarKey, UserId},
    time::TimeRange,
};

/// The columns of a calendar's key, but for the user.
pub(crate) type CalendarColumns = (String, String);

/// A count or number as `bigint`; what does not fit is as good as endless.
pub(crate) fn int(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A `bigint` that a check keeps from being negative.
pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

pub(crate) fn calendar_key(user: &UserId, (account, calendar): CalendarColumns) -> CalendarKey {
    CalendarKey {
        user: user.clone(),
        account: AccountId::from(account),
        calendar: CalendarId::from(calendar),
    }
}

/// A text without the NUL that no column of type text can hold; for columns that are only searched, sorted or shown.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// `value` as the JSON text of a column.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "a value cannot be written as JSON").with_source(error)
    })
}

/// The bounds of a span in whole microseconds, as the database keeps them; never shorter than it was.
pub(crate) fn bounds(span: &TimeRange) -> (DateTime<Utc>, DateTime<Utc>) {
    (floor(span.start()), ceil(span.end()))
}

/// The whole microsecond that `time` is in.
pub(crate) fn floor(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(6)
}

/// The first whole microsecond not before `time`.
pub(crate) fn ceil(time: DateTime<Utc>) -> DateTime<Utc> {
    let floor = floor(time);
    if floor == time { floor } else { floor + TimeDelta::microseconds(1) }
}

/// The span between bounds, where there are both.
pub(crate) fn span(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Option<TimeRange> {
    TimeRange::new(start?, end?).ok()
}

/// A hash from a column that a check keeps at its length.
pub(crate) fn hash(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().unwrap_or_default()
}

/// `items` in their order, cut so that no batch holds a name twice: one statement touches each row once.
pub(crate) fn batches<'a, T, N: Ord + 'a>(items: &'a [T], name: impl Fn(&'a T) -> &'a N) -> Vec<Vec<&'a T>> {
    let mut batches = Vec::new();
    let mut batch = Vec::new();
    let mut names = BTreeSet::new();
    for item in items {
        if !names.insert(name(item)) {
            batches.push(std::mem::take(&mut batch));
            names = BTreeSet::from([name(item)]);
        }
        batch.push(item);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}
