//! Days and times in the forms that Google writes, read by hand: a page holds ten thousand of them.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat};

/// The instant, and the form that writes it back to the byte: its digits of a second, and whether it ended in `Z`.
///
/// `None` for whatever is written in another form, or is no time at all: chrono knows which.
pub(super) fn read(text: &str) -> Option<(DateTime<FixedOffset>, SecondsFormat, bool)> {
    let (wall, seconds, offset) = wall_clock(text)?;
    let (east, zulu) = offset_east(offset)?;
    Some((wall.and_local_timezone(east).single()?, seconds, zulu))
}

/// A wall-clock time without an offset: `2025-03-28T15:00:00`, with digits of a second or none.
pub(in crate::time) fn wall(text: &str) -> Option<NaiveDateTime> {
    let (wall, _, b"") = wall_clock(text)? else { return None };
    Some(wall)
}

/// A day: `2025-03-28`.
pub(in crate::time) fn date(text: &str) -> Option<NaiveDate> {
    day(text.as_bytes())
}

/// The day and the time of day that `text` begins with, the form of its seconds, and what follows them.
fn wall_clock(text: &str) -> Option<(NaiveDateTime, SecondsFormat, &[u8])> {
    let (date, time) = text.as_bytes().split_at_checked(10)?;
    let (clock, rest) = time.split_at_checked(9)?;
    let [b'T', h0, h1, b':', m0, m1, b':', s0, s1] = *clock else { return None };
    let (seconds, nanoseconds, rest) = fraction(rest)?;
    let (hour, minute, second) = (number(&[h0, h1])?, number(&[m0, m1])?, number(&[s0, s1])?);
    Some((day(date)?.and_hms_nano_opt(hour, minute, second, nanoseconds)?, seconds, rest))
}

fn day(text: &[u8]) -> Option<NaiveDate> {
    let [y0, y1, y2, y3, b'-', o0, o1, b'-', d0, d1] = *text else { return None };
    let year = number(&[y0, y1, y2, y3])?.cast_signed();
    NaiveDate::from_ymd_opt(year, number(&[o0, o1])?, number(&[d0, d1])?)
}

/// The digits of a second, where there are any, and what follows them.
fn fraction(rest: &[u8]) -> Option<(SecondsFormat, u32, &[u8])> {
    let Some(rest) = rest.strip_prefix(b".") else { return Some((SecondsFormat::Secs, 0, rest)) };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (form, nanoseconds_each) = match digits {
        3 => (SecondsFormat::Millis, 1_000_000),
        6 => (SecondsFormat::Micros, 1_000),
        9 => (SecondsFormat::Nanos, 1),
        _ => return None,
    };
    let (digits, offset) = rest.split_at_checked(digits)?;
    Some((form, number(digits)? * nanoseconds_each, offset))
}

/// The offset, and whether it is written `Z`. `-00:00` would be written back as `+00:00`, so it is none of Google's.
fn offset_east(offset: &[u8]) -> Option<(FixedOffset, bool)> {
    let (sign, [h0, h1, b':', m0, m1]) = (match offset {
        b"Z" => return Some((FixedOffset::east_opt(0)?, true)),
        b"-00:00" => return None,
        [b'+', time @ ..] => (1, <[u8; 5]>::try_from(time).ok()?),
        [b'-', time @ ..] => (-1, <[u8; 5]>::try_from(time).ok()?),
        _ => return None,
    }) else {
        return None;
    };
    let (hours, minutes) = (number(&[h0, h1])?, number(&[m0, m1]).filter(|minutes| *minutes < 60)?);
    let east = FixedOffset::east_opt(sign * (hours * 3_600 + minutes * 60).cast_signed())?;
    Some((east, false))
}

/// At most nine decimal digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}
