//! What a run says.

use std::{collections::BTreeMap, fmt};

use crate::blow::Victim;

/// What happened in a run so far.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) rounds: usize,
    pub(crate) blows: BTreeMap<Victim, usize>,
    pub(crate) processes_killed: usize,
    /// By state.
    pub(crate) approvals: BTreeMap<String, usize>,
    /// Approvals of which for a while nobody knew whether they were done.
    pub(crate) doubted: usize,
    pub(crate) effects: usize,
    pub(crate) audited: usize,
    pub(crate) tokens_judged: usize,
    pub(crate) rows_judged: usize,
}

impl Tally {
    pub(crate) fn count(&mut self, victim: Victim, killed: usize) {
        self.rounds += 1;
        *self.blows.entry(victim).or_default() += 1;
        self.processes_killed += killed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "I1 to I6 held after each of {} rounds", self.rounds)?;
        let blows: Vec<_> =
            self.blows.iter().map(|(victim, count)| format!("{count} × {}", name(*victim))).collect();
        writeln!(f, "  struck: {}; {} processes killed", blows.join(", "), self.processes_killed)?;
        let states: Vec<_> = self.approvals.iter().map(|(state, count)| format!("{count} {state}")).collect();
        writeln!(
            f,
            "  approvals: {}; {} were in doubt for a while; {} effects at Google, none twice",
            states.join(", "),
            self.doubted,
            self.effects
        )?;
        writeln!(f, "  audit: {} rows, one a step, each chain whole", self.audited)?;
        write!(
            f,
            "  tokens held against rows right after a blow: {}; rows told apart by person: {}",
            self.tokens_judged, self.rows_judged
        )
    }
}

fn name(victim: Victim) -> &'static str {
    match victim {
        Victim::Worker => "a worker",
        Victim::BothWorkers => "both workers",
        Victim::Postgres => "PostgreSQL",
        Victim::Everything => "everything",
        Victim::Connection => "a connection",
    }
}
