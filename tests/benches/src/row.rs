//! A row of the table: one piece of work, and who does it.

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
    /// Does the work; its result goes through `black_box`, and is dropped within the time.
    pub(crate) run: Box<dyn FnMut()>,
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
    pub(crate) fn ours(name: &'static str, run: impl FnMut() + 'static) -> Self {
        Self { name, role: Role::Ours, run: Box::new(run) }
    }

    pub(crate) fn rival(name: &'static str, run: impl FnMut() + 'static) -> Self {
        Self { name, role: Role::Rival, run: Box::new(run) }
    }

    pub(crate) fn limit(name: &'static str, run: impl FnMut() + 'static) -> Self {
        Self { name, role: Role::Limit, run: Box::new(run) }
    }
}
