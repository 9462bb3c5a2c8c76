//! How much work one answer may be.

/// Work left, in units of some ten nanoseconds.
///
/// A rule can ask for as much work as it likes (`FREQ=SECONDLY` for a thousand years); a rule that people use asks for
/// a few units. When it is spent the answer ends, and says so.
#[derive(Clone, Debug)]
pub(super) struct Fuel {
    left: u32,
}

/// Units of one answer: some milliseconds.
const WHOLE: u32 = 400_000;

/// What an occurrence costs: there are 50,000 in an answer at most.
pub(super) const OCCURRENCE: u32 = 8;

/// What the days of a year cost.
pub(super) const BLOCK: u32 = 16;

/// What a look at one hour, minute or second costs.
pub(super) const STEP: u32 = 2;

impl Fuel {
    pub(super) fn whole() -> Self {
        Self { left: WHOLE }
    }

    /// Takes `units` away; whether they were there.
    pub(super) fn spend(&mut self, units: u32) -> bool {
        let is_enough = self.left >= units;
        self.left = self.left.saturating_sub(units);
        is_enough
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }
}
