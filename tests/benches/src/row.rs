//! A row of the table: one piece of work, and who does it.

use std::time::{Duration, Instant};

/// One piece of work, done by us and by the others.
pub(crate) struct Row {
    /// What is done, sizes included.
    pub(crate) work: String,
    /// What we want to reach.
    pub(crate) aim: &'static str,
    /// Pieces of work in one call of [`Contender::run`]: the time reported is of one.
    pub(crate) pieces: u32,
    /// How often each contender is timed.
    pub(crate) rounds: usize,
    /// Who does it. Ours comes first.
    pub(crate) contenders: Vec<Contender>,
    /// What is worth knowing beside the times, found out while the row was made ready.
    pub(crate) notes: Vec<String>,
}

/// Rounds of a row that takes milliseconds.
pub(crate) const ROUNDS: usize = 41;

/// Rounds of a row that takes a good part of a second.
pub(crate) const FEW_ROUNDS: usize = 7;

/// One way to do the work.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    /// Pieces of work that it does at a time, where they are not those of the row.
    pub(crate) pieces: Option<u32>,
    /// Does the work so many times, and says how long that took.
    pub(crate) sample: Box<dyn FnMut(u32) -> Duration>,
}

/// What a contender is to us.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Ours,
    /// What a user would pick instead.
    Rival,
    /// The least the work can cost.
    Limit,
}

impl Contender {
    /// `run` does the work; its result goes through `black_box`, and is dropped within the time.
    pub(crate) fn ours(name: &'static str, run: impl FnMut() + 'static) -> Self {
        Self::here(name, Role::Ours, run)
    }

    pub(crate) fn rival(name: &'static str, run: impl FnMut() + 'static) -> Self {
        Self::here(name, Role::Rival, run)
    }

    pub(crate) fn limit(name: &'static str, run: impl FnMut() + 'static) -> Self {
        Self::here(name, Role::Limit, run)
    }

    /// A rival that keeps its own time.
    pub(crate) fn elsewhere(name: &'static str, sample: impl FnMut(u32) -> Duration + 'static) -> Self {
        Self { name, role: Role::Rival, pieces: None, sample: Box::new(sample) }
    }

    /// The same, as one of ours.
    pub(crate) fn of_ours(self) -> Self {
        Self { role: Role::Ours, ..self }
    }

    /// The same, doing so many pieces at a time: of what takes seconds for all, a few are enough.
    pub(crate) fn with_pieces(self, pieces: u32) -> Self {
        Self { pieces: Some(pieces), ..self }
    }

    fn here(name: &'static str, role: Role, mut run: impl FnMut() + 'static) -> Self {
        let sample = move |repeats| {
            let start = Instant::now();
            (0..repeats).for_each(|_| run());
            start.elapsed()
        };
        Self { name, role, pieces: None, sample: Box::new(sample) }
    }
}
