//! What is done to the processes in a round.

use crate::{Moment, Point};

/// Who dies, or what is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Victim {
    /// One worker, by SIGKILL.
    Worker,
    /// Both workers.
    BothWorkers,
    /// All processes of PostgreSQL.
    Postgres,
    /// PostgreSQL and both workers: the power went.
    Everything,
    /// A connection: nobody dies, and one message or its answer is lost.
    Connection,
}

/// A blow: who, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blow {
    pub(crate) victim: Victim,
    /// On whose wire it is seen that the moment has come.
    pub(crate) slot: usize,
    pub(crate) point: Point,
    pub(crate) number: usize,
    pub(crate) moment: Moment,
}

impl Blow {
    /// The blow of round `number`: each sort in turn, so that a short run has them too, at a moment of its own.
    pub(crate) fn of(number: usize, random: &mut fastrand::Rng) -> Self {
        use Point::{Commit, Request, Statement};
        let slot = random.usize(..2);
        let any = [Moment::Before, Moment::During, Moment::After][random.usize(..3)];
        let (victim, point, bound, moment) = match number % 8 {
            0 => (Victim::Postgres, Statement, 200, any),
            1 => (Victim::Worker, Statement, 200, any),
            2 => (Victim::Connection, Commit, 24, Moment::After),
            3 => (Victim::Worker, Request, 12, any),
            4 => (Victim::Everything, Statement, 200, any),
            5 => (Victim::Connection, Request, 12, any),
            6 => (Victim::Postgres, Commit, 24, any),
            _ => (Victim::BothWorkers, Statement, 200, any),
        };
        let number = random.usize(..bound);
        Self { victim, slot, point, number, moment }
    }

    pub(crate) fn kills_postgres(&self) -> bool {
        matches!(self.victim, Victim::Postgres | Victim::Everything)
    }

    /// Which workers die.
    pub(crate) fn dying(&self) -> &'static [usize] {
        match self.victim {
            Victim::Worker => [&[0], &[1]][self.slot],
            Victim::BothWorkers | Victim::Everything => &[0, 1],
            Victim::Postgres | Victim::Connection => &[],
        }
    }

    /// For a person, without the moment.
    pub(crate) fn what(&self) -> &'static str {
        match (self.victim, self.point) {
            (Victim::Worker, _) => "SIGKILL to a worker",
            (Victim::BothWorkers, _) => "SIGKILL to both workers",
            (Victim::Postgres, _) => "SIGKILL to PostgreSQL",
            (Victim::Everything, _) => "SIGKILL to PostgreSQL and both workers",
            (Victim::Connection, Point::Commit) => "the answer of a COMMIT lost",
            (Victim::Connection, _) => "the connection to Google cut",
        }
    }
}
