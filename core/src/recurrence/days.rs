//! Some days of a year, a bit each.

const WORDS: usize = 6;

/// Room for a year and the week that reaches into the next: 384 days, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days([u64; WORDS]);

/// Bit `n` of row `p` is set where `n % 7 == p`.
const EVERY_SEVENTH: [[u64; WORDS]; 7] = {
    let mut rows = [[0; WORDS]; 7];
    let mut day = 0;
    while day < 64 * WORDS {
        rows[day % 7][day / 64] |= 1 << (day % 64);
        day += 1;
    }
    rows
};

impl Days {
    pub(super) const NONE: Self = Self([0; WORDS]);

    /// From `from` up to `to`.
    pub(super) fn range(from: usize, to: usize) -> Self {
        let mut days = Self([u64::MAX; WORDS]);
        days.clear_before(from);
        days.clear_from(to);
        days
    }

    /// Every day of the weekdays in `set` (bit 0 is Monday), where day 0 is a `first`.
    pub(super) fn weekdays(set: u8, first: i64) -> Self {
        let mut days = Self::NONE;
        for weekday in (0..7).filter(|weekday| set >> weekday & 1 == 1) {
            let row = &EVERY_SEVENTH[(weekday - first).rem_euclid(7) as usize];
            days.0.iter_mut().zip(row).for_each(|(word, more)| *word |= more);
        }
        days
    }

    /// Adds `bits`, of which the lowest is day `at`.
    pub(super) fn insert_bits(&mut self, at: usize, bits: u64) {
        let (word, shift) = (at / 64, at % 64);
        if let Some(low) = self.0.get_mut(word) {
            *low |= bits << shift;
        }
        if shift > 0
            && let Some(high) = self.0.get_mut(word + 1)
        {
            *high |= bits >> (64 - shift);
        }
    }

    pub(super) fn insert(&mut self, day: usize) {
        self.insert_bits(day, 1);
    }

    pub(super) fn insert_all(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    pub(super) fn keep_only(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word &= other);
    }

    pub(super) fn clear_before(&mut self, day: usize) {
        for (index, word) in self.0.iter_mut().enumerate() {
            let below = day.saturating_sub(index * 64).min(64) as u32;
            *word &= u64::MAX.checked_shl(below).unwrap_or(0);
        }
    }

    pub(super) fn clear_from(&mut self, day: usize) {
        for (index, word) in self.0.iter_mut().enumerate() {
            let below = day.saturating_sub(index * 64).min(64) as u32;
            *word &= !u64::MAX.checked_shl(below).unwrap_or(0);
        }
    }

    pub(super) fn contains(&self, day: usize) -> bool {
        self.0.get(day / 64).is_some_and(|word| word >> (day % 64) & 1 == 1)
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Takes the first out.
    pub(super) fn pop(&mut self) -> Option<usize> {
        let (index, word) = self.0.iter_mut().enumerate().find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros() as usize;
        *word &= *word - 1;
        Some(index * 64 + bit)
    }

    /// The first that is no earlier than `day`.
    pub(super) fn next(&self, day: usize) -> Option<usize> {
        let mut rest = *self;
        rest.clear_before(day);
        rest.pop()
    }

    /// The one that `index` others come before.
    pub(super) fn nth(&self, index: usize) -> Option<usize> {
        let mut rest = *self;
        (0..index).try_for_each(|_| rest.pop().map(drop))?;
        rest.pop()
    }
}
