//! Where a rule with a `COUNT` ends: found once, when a series is made, so that no window has to count.

use super::{
    Frequency,
    civil::{DAY, LAST_SECOND},
    fuel::{BLOCK, Fuel, OCCURRENCE},
    pattern::Pattern,
    walk::{Walk, unit_of},
};

/// Where a pattern's `COUNT` ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CountEnd {
    /// At this wall clock, its last; [`LAST_SECOND`] where it goes on for longer.
    At(i64),
    /// It would be too much work to tell, but not before this wall clock.
    After(i64),
}

/// Where `pattern`, which has no end yet, has its occurrence number `count`, from 1.
///
/// Days are counted by the year, and hours, minutes and seconds that no `BY` part limits not at all; the others one by
/// one, which is bounded.
pub(super) fn end(pattern: &Pattern, count: u32, fuel: &mut Fuel) -> CountEnd {
    if pattern.times.len() == 0 {
        CountEnd::At(LAST_SECOND)
    } else if pattern.frequency >= Frequency::Daily {
        by_blocks(pattern, count as usize, fuel)
    } else if pattern.takes_every_day() && pattern.clock == [u64::MAX; 3] {
        CountEnd::At(by_arithmetic(pattern, count))
    } else {
        by_steps(pattern, count, fuel)
    }
}

/// How many of the first `count` of `pattern` come before `wall`; none where it would be too much work to tell.
pub(super) fn before(pattern: &Pattern, count: u32, wall: i64) -> Option<u32> {
    // Found by halves: where an occurrence is, is told in closed form.
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = high - (high - low) / 2;
        match end(pattern, middle, &mut Fuel::whole()) {
            CountEnd::At(at) if at < wall => low = middle,
            CountEnd::After(at) if at < wall => return None,
            CountEnd::At(_) | CountEnd::After(_) => high = middle - 1,
        }
    }
    Some(low)
}

fn by_blocks(pattern: &Pattern, count: usize, fuel: &mut Fuel) -> CountEnd {
    let start_day = pattern.start.div_euclid(DAY);
    let first = pattern.first_block();
    let mut left = count - 1;
    let mut picks = Vec::new();
    let mut next = Some(first);
    while let Some(block) = next {
        if !fuel.spend(BLOCK) {
            return CountEnd::After(pattern.block(block).0 * DAY - 1);
        }
        let found = if pattern.is_picking() {
            pattern.picks(block, &mut picks, fuel);
            picks.retain(|wall| *wall >= pattern.start);
            picks.get(left).copied().ok_or(picks.len())
        } else {
            let (base, mut days) = pattern.block(block);
            let times = pattern.times.len();
            let mut past = 0;
            if block == first {
                let of_block = usize::try_from(start_day - base).unwrap_or(0);
                days.clear_before(of_block);
                if days.contains(of_block) {
                    past = pattern.times.before(pattern.start - start_day * DAY);
                }
            }
            let index = left + past;
            match days.count() * times {
                there if index < there => {
                    let day = base + days.nth(index / times).unwrap_or(0) as i64;
                    Ok(day * DAY + pattern.times.at(index % times))
                }
                there => Err(there - past),
            }
        };
        match found {
            Ok(wall) => return CountEnd::At(wall.min(LAST_SECOND)),
            Err(there) => left -= there,
        }
        next = pattern.block_after(block);
    }
    CountEnd::At(LAST_SECOND)
}

fn by_arithmetic(pattern: &Pattern, count: u32) -> i64 {
    let unit = unit_of(pattern.frequency);
    let first = pattern.start.div_euclid(unit);
    let times = pattern.times.len() as i64;
    let index = i64::from(count) - 1 + pattern.times.before(pattern.start - first * unit) as i64;
    let at = first + index / times * pattern.interval;
    (at.saturating_mul(unit).saturating_add(pattern.times.at((index % times) as usize))).min(LAST_SECOND)
}

fn by_steps(pattern: &Pattern, count: u32, fuel: &mut Fuel) -> CountEnd {
    let mut walk = Walk::seek(pattern, pattern.start, LAST_SECOND, fuel);
    let mut last = pattern.start - 1;
    for _ in 0..count {
        match walk.next(fuel) {
            Some(wall) if fuel.spend(OCCURRENCE) => last = wall,
            Some(wall) => return CountEnd::After(wall - 1),
            None if fuel.is_spent() => return CountEnd::After(last),
            None => return CountEnd::At(LAST_SECOND),
        }
    }
    CountEnd::At(last)
}
