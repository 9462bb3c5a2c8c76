//! One time zone: what its wall clocks show, and when they show it.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};

use crate::{Error, ErrorKind, Result};

/// The offsets a place's clocks have had, and from when. Cheap to clone.
///
/// Before the first transition the first offset holds, after the last one the last.
///
/// ```
/// use chrono::{NaiveDate, DateTime, Utc};
/// use theo_calendar::recurrence::Zone;
///
/// // Berlin in 2025: summer time from 30 March 01:00 UTC to 26 October 01:00 UTC.
/// let berlin = Zone::new("Europe/Berlin", 3600, [(1_743_296_400, 7200), (1_761_440_400, 3600)])?;
/// let new_year: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().unwrap();
/// assert_eq!(berlin.to_local(new_year).to_string(), "2025-01-01 01:00:00");
///
/// // 02:30 does not exist on 30 March: it is read with the offset before the gap, and so shows as 03:30.
/// let gap = NaiveDate::from_ymd_opt(2025, 3, 30).unwrap().and_hms_opt(2, 30, 0).unwrap();
/// assert_eq!(berlin.to_local(berlin.resolve(gap)).to_string(), "2025-03-30 03:30:00");
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(Arc<Offsets>);

#[derive(Debug, Default, PartialEq, Eq)]
struct Offsets {
    name: Box<str>,
    first_offset: i32,
    /// The instant each later offset begins, in seconds since 1970, rising.
    begins: Box<[i64]>,
    /// As many as `begins`.
    offsets: Box<[i32]>,
    /// The wall clock at which the offset before each of `begins` ends, as the highest reached so far: rising, so
    /// that it can be searched even where a clock jumped back twice within hours.
    walls: Box<[i64]>,
}

/// Wall clocks that are all resolved with one offset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// Seconds from 1970 that the wall clock shows.
    pub(super) from: i64,
    /// Not included.
    pub(super) until: i64,
    /// Seconds east of UTC.
    pub(super) offset: i64,
    /// Whether a clock skips them.
    pub(super) is_skipped: bool,
}

impl Zone {
    /// The zone `name` with `first_offset` (seconds east of UTC) before the first of `transitions`, each an instant
    /// in seconds since 1970 and the offset from then on.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the name is not made of letters, digits and `_ + - /` or is longer than 64,
    /// the instants do not rise or an offset is a day or more.
    pub fn new(
        name: impl Into<Box<str>>,
        first_offset: i32,
        transitions: impl IntoIterator<Item = (i64, i32)>,
    ) -> Result<Self> {
        let name = checked_name(name.into())?;
        let wrong = |what: &str| {
            Error::new(ErrorKind::InvalidInput, format!("the transitions of time zone \"{name}\" {what}"))
        };
        let in_a_day = |offset: i32| FixedOffset::east_opt(offset).is_some();
        let (begins, offsets): (Vec<i64>, Vec<i32>) = transitions.into_iter().unzip();
        if !begins.is_sorted_by(|earlier, later| earlier < later) {
            return Err(wrong("must rise in time"));
        }
        if !in_a_day(first_offset) || !offsets.iter().copied().all(in_a_day) {
            return Err(wrong("must have offsets below a day"));
        }
        let mut highest = i64::MIN;
        let walls =
            begins.iter().zip(std::iter::once(&first_offset).chain(&offsets)).map(|(begin, before)| {
                highest = highest.max(begin.saturating_add(i64::from(*before)));
                highest
            });
        Ok(Self(Arc::new(Offsets {
            walls: walls.collect(),
            name,
            first_offset,
            begins: begins.into(),
            offsets: offsets.into(),
        })))
    }

    /// UTC.
    pub fn utc() -> Self {
        Self(Arc::new(Offsets { name: "UTC".into(), ..Offsets::default() }))
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Seconds east of UTC at `instant`.
    pub fn offset_at(&self, instant: DateTime<Utc>) -> i32 {
        self.0.at(instant.timestamp())
    }

    /// Seconds east of UTC at an instant in seconds from 1970.
    pub(super) fn offset_of(&self, second: i64) -> i64 {
        self.0.at(second).into()
    }

    /// What the wall clock shows at `instant`.
    pub fn to_local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        let utc = instant.naive_utc();
        utc.checked_add_signed(TimeDelta::seconds(self.offset_at(instant).into())).unwrap_or(utc)
    }

    /// When the wall clock shows `local`: the one rule of the whole library, RFC 5545 §3.3.5.
    ///
    /// - A time that is shown twice is the first of the two.
    /// - A time that is skipped is read with the offset before the gap, and so lands after it by as much.
    pub fn resolve(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let offset = self.stretch(local.and_utc().timestamp()).offset;
        local.checked_sub_signed(TimeDelta::seconds(offset)).unwrap_or(local).and_utc()
    }

    /// The wall clocks around `wall`, in seconds from 1970, that [`resolve`](Self::resolve) reads with its offset.
    pub(super) fn stretch(&self, wall: i64) -> Stretch {
        let Offsets { begins, walls, .. } = &*self.0;
        // The first stretch that has not ended when the clock shows `wall`. If it has begun by then, that is the
        // first time it is shown; if not, `wall` is in the gap that leads to it.
        let index = walls.partition_point(|end| *end <= wall);
        let offset = i64::from(self.0.before(index));
        let until = walls.get(index).copied().unwrap_or(i64::MAX);
        let Some(before) = index.checked_sub(1) else {
            return Stretch { from: i64::MIN, until, offset, is_skipped: false };
        };
        let from = walls.get(before).copied().unwrap_or(i64::MIN);
        let begins = begins.get(before).map_or(i64::MIN, |begin| begin.saturating_add(offset));
        if wall < begins {
            Stretch { from, until: begins, offset: self.0.before(before).into(), is_skipped: true }
        } else {
            Stretch { from: from.max(begins), until, offset, is_skipped: false }
        }
    }
}

impl Offsets {
    /// The offset at `second`.
    fn at(&self, second: i64) -> i32 {
        self.before(self.begins.partition_point(|begin| *begin <= second))
    }

    /// The offset of the stretch that ends with transition `index`.
    fn before(&self, index: usize) -> i32 {
        let previous = index.checked_sub(1).and_then(|previous| self.offsets.get(previous));
        previous.copied().unwrap_or(self.first_offset)
    }
}

/// Names reach what people read, so they can hold nothing that would forge it.
fn checked_name(name: Box<str>) -> Result<Box<str>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-/".contains(&byte);
    if !name.is_empty() && name.len() <= 64 && name.bytes().all(plain) {
        return Ok(name);
    }
    let shown: String = name.chars().take(64).flat_map(char::escape_default).collect();
    Err(Error::new(ErrorKind::InvalidInput, format!("\"{shown}\" is not the name of a time zone")))
}
