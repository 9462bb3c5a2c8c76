//! One time zone: what its wall clocks show, and when they show it.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};

use crate::{Error, ErrorKind, Result};

/// The offsets a place's clocks have had, and from when.
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
pub struct Zone {
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
        Ok(Self {
            walls: walls.collect(),
            name,
            first_offset,
            begins: begins.into(),
            offsets: offsets.into(),
        })
    }

    /// UTC.
    pub fn utc() -> Self {
        Self {
            name: "UTC".into(),
            first_offset: 0,
            begins: Box::default(),
            offsets: Box::default(),
            walls: Box::default(),
        }
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds east of UTC at `instant`.
    pub fn offset_at(&self, instant: DateTime<Utc>) -> i32 {
        self.offset_before(self.begins.partition_point(|begin| *begin <= instant.timestamp()))
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
        // The first stretch that has not ended when the clock shows `local`. If it has begun by then, that is the
        // first time it is shown; if not, `local` is in the gap that leads to it.
        let wall = local.and_utc().timestamp();
        let stretch = self.walls.partition_point(|end| *end <= wall);
        let mut offset = self.offset_before(stretch);
        if let Some(before) = stretch.checked_sub(1)
            && self.begins.get(before).is_some_and(|begin| wall.saturating_sub(offset.into()) < *begin)
        {
            offset = self.offset_before(before);
        }
        local.checked_sub_signed(TimeDelta::seconds(offset.into())).unwrap_or(local).and_utc()
    }

    /// The offset of the stretch that ends with transition `index`.
    fn offset_before(&self, index: usize) -> i32 {
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
