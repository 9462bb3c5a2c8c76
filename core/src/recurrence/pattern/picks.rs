//! What `BYSETPOS` picks in the weeks, months or years of a block.

use super::Pattern;
use crate::recurrence::{
    Frequency,
    civil::{DAY, Year, first_of_week, week_of},
    fuel::Fuel,
    times::index_at,
};

impl Pattern {
    /// The wall clocks that `BYSETPOS` picks in `block`, rising, into `picks`; and the day that the block counts from.
    pub(in crate::recurrence) fn picks(&self, block: i64, picks: &mut Vec<i64>, fuel: &mut Fuel) -> i64 {
        picks.clear();
        let (base, mut days) = self.block(block);
        let year = Year::new(block);
        let mut next = days.pop();
        while let Some(first) = next {
            // The days of the period that `first` is in.
            let end = match self.frequency {
                Frequency::Weekly => {
                    let week = week_of(base + first as i64, self.week_start);
                    (first_of_week(week + 1, self.week_start) - base) as usize
                }
                Frequency::Monthly => year.months[year.month_of(first) + 1],
                _ => usize::MAX,
            };
            let mut period = [0_u16; 384];
            let mut length = 0;
            while let Some(day) = next.filter(|day| *day < end) {
                period[length] = day as u16;
                length += 1;
                next = days.pop();
            }
            let before = picks.len();
            let times = self.times.len();
            for position in &self.positions {
                if let Some(index) = index_at(*position, length * times) {
                    let day = base + i64::from(period[index / times]);
                    picks.push(day * DAY + self.times.at(index % times));
                }
            }
            fuel.spend(4 + length as u32 + 2 * self.positions.len() as u32);
            if let Some(added) = picks.get_mut(before..) {
                added.sort_unstable();
            }
        }
        picks.dedup();
        base
    }
}
