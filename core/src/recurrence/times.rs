//! At which seconds of its period something starts.

/// The seconds that a rule names within a day, an hour or a minute: every hour with every minute with every second.
#[derive(Clone, Debug)]
pub(super) struct Times {
    hours: Box<[u8]>,
    minutes: Box<[u8]>,
    seconds: Box<[u8]>,
    /// Those that `BYSETPOS` picks, where it is of one such period; rising.
    picked: Option<Box<[u32]>>,
    /// How many there are.
    count: usize,
}

impl Times {
    /// Of sets in which bit `n` is the number `n`.
    pub(super) fn new(hours: u64, minutes: u64, seconds: u64) -> Self {
        let [hours, minutes, seconds]: [Box<[u8]>; 3] =
            [hours, minutes, seconds].map(|set| numbers_in(set).take_while(|number| *number < 60).collect());
        let count = hours.len() * minutes.len() * seconds.len();
        Self { hours, minutes, seconds, picked: None, count }
    }

    /// Only those at `positions`, from 1, or from the end where negative.
    #[must_use]
    pub(super) fn picking(mut self, positions: &[i16]) -> Self {
        let indices = positions.iter().filter_map(|position| index_at(*position, self.len()));
        let mut picked: Vec<u32> = indices.filter_map(|index| u32::try_from(self.at(index)).ok()).collect();
        picked.sort_unstable();
        picked.dedup();
        self.count = picked.len();
        self.picked = Some(picked.into());
        self
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The one that `index` others come before, in seconds; `index` is below [`len`](Self::len).
    pub(super) fn at(&self, index: usize) -> i64 {
        match &self.picked {
            Some(picked) => picked.get(index).copied().unwrap_or(0).into(),
            None if self.count == 1 => self.product(0, 0, 0),
            None => {
                let (minutes, seconds) = (self.minutes.len(), self.seconds.len());
                self.product(index / seconds / minutes, index / seconds % minutes, index % seconds)
            }
        }
    }

    /// How many come before `second`.
    pub(super) fn before(&self, second: i64) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.at(middle) < second { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn product(&self, hour: usize, minute: usize, second: usize) -> i64 {
        let number = |list: &[u8], index: usize| i64::from(list.get(index).copied().unwrap_or(0));
        number(&self.hours, hour) * 3600 + number(&self.minutes, minute) * 60 + number(&self.seconds, second)
    }
}

/// The bits of `set`, rising: a series has few of them, and many series are made at once.
fn numbers_in(mut set: u64) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let number = u8::try_from(set.trailing_zeros()).ok().filter(|_| set != 0)?;
        set &= set - 1;
        Some(number)
    })
}

/// Which of `length` things a `BYSETPOS` of `position` is.
pub(super) fn index_at(position: i16, length: usize) -> Option<usize> {
    let distance = usize::from(position.unsigned_abs());
    let index = if position > 0 { distance.checked_sub(1)? } else { length.checked_sub(distance)? };
    (index < length).then_some(index)
}
