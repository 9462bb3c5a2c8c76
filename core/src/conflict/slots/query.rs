//! What is asked: who, how long, between when and when.

use std::{collections::BTreeSet, fmt, time::Duration};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind, Result,
    conflict::{Severity, WorkingHours},
    id::{CalendarId, EventId},
    recurrence::Zone,
    text::one_line,
    time::TimeRange,
};

/// The longest a window may be. Google answers when others are busy for about three months at once (observed).
const LONGEST_WINDOW: TimeDelta = TimeDelta::days(62);

/// The most people in one question.
const MOST_PARTICIPANTS: usize = 200;

const DAY: u64 = 24 * 60 * 60;

/// Who is to meet, for how long and when.
///
/// # What is refused
/// A window of more than 62 days, or shorter than the meeting; a meeting shorter than a minute; starts that are not
/// some whole minutes apart into which a day divides; a buffer of more than a day; nobody, more than 200 people, or
/// one of them twice; a limit of none.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotQuery {
    /// When the meeting may be: it neither starts before nor ends after it.
    pub window: TimeRange,
    /// How long it lasts.
    pub duration: Duration,
    /// Who takes part. Default: the person who asks.
    pub participants: Vec<Participant>,
    /// On whose clocks starts are counted, and days. Default: UTC.
    pub zone: Zone,
    /// How far apart starts are, counted from midnight: of 15 minutes a quarter past is one. Default: 15 minutes.
    pub step: Duration,
    /// Time that everybody has free before it. Default: none.
    pub buffer_before: Duration,
    /// Time that everybody has free after it. Default: none.
    pub buffer_after: Duration,
    /// What in people's time may be overlooked. Default: nothing.
    pub overlook: Overlook,
    /// Whether events that last all day take time; out of office does in any case. Default: yes.
    pub count_all_day: bool,
    /// Whether slots are given of which it is not known that all who must come are free. Default: no.
    pub allow_unknown: bool,
    /// Whether slots are given that share time with better ones. Default: no.
    pub overlapping: bool,
    /// Events of the person who asks that are left out, with their instances: those that are to be moved.
    pub exclude: Vec<EventId>,
    /// How many slots at most. Default: 10.
    pub limit: usize,
}

/// One who takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// Who.
    pub who: Who,
    /// Whether they must.
    pub attendance: Attendance,
    /// When they work; where none are given, at any time.
    pub hours: Option<WorkingHours>,
}

/// The person who asks, or somebody else by the address of their calendar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Who {
    /// The person who asks: what takes time in any of their calendars.
    Me,
    /// Whoever's calendar has this id, which of a person is their email address; a room, or a group.
    Calendar(CalendarId),
}

/// Whether somebody must take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// No slot without them.
    #[default]
    Required,
    /// Slots at which they can come are better.
    Optional,
}

/// What in people's time may be overlooked, by how bad a conflict with it would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlook {
    /// Nothing: free is free.
    #[default]
    Nothing,
    /// What is [`Low`](Severity::Low), such as an all-day event.
    Low,
    /// What is [`Medium`](Severity::Medium) or less, such as what is tentative or not answered.
    Medium,
}

impl SlotQuery {
    /// When the person who asks has time for a meeting of `duration` in `window`; the rest as by default.
    pub fn new(window: TimeRange, duration: Duration) -> Self {
        Self {
            window,
            duration,
            participants: vec![Participant::me()],
            zone: Zone::utc(),
            step: Duration::from_secs(15 * 60),
            buffer_before: Duration::ZERO,
            buffer_after: Duration::ZERO,
            overlook: Overlook::Nothing,
            count_all_day: true,
            allow_unknown: false,
            overlapping: false,
            exclude: Vec::new(),
            limit: 10,
        }
    }

    /// The window with the buffers around it: the time in which events may matter.
    pub fn reach(&self) -> TimeRange {
        let (before, after) = self.buffers();
        let start = self.window.start().checked_sub_signed(before);
        let end = self.window.end().checked_add_signed(after);
        start.zip(end).and_then(|(start, end)| TimeRange::new(start, end).ok()).unwrap_or(self.window)
    }

    /// Refuses what cannot be answered; gives the duration.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`].
    pub(crate) fn check(&self) -> Result<TimeDelta> {
        let minutes = |time: Duration| time.as_secs() / 60;
        let long = self.window.duration();
        let duration = TimeDelta::from_std(self.duration).unwrap_or(TimeDelta::MAX);
        let mut met = BTreeSet::new();
        let twice = self.participants.iter().find(|one| !met.insert(&one.who));
        let step = self.step.as_secs();
        let is_odd = step == 0
            || !step.is_multiple_of(60)
            || !DAY.is_multiple_of(step)
            || self.step.subsec_nanos() != 0;
        let longest_buffer = self.buffer_before.max(self.buffer_after);
        let wrong = match () {
            () if duration < TimeDelta::minutes(1) => {
                format!("a meeting of {} s is none: give it at least a minute", self.duration.as_secs_f64())
            }
            () if long > LONGEST_WINDOW => format!(
                "the window from {} to {} is longer than {} days: ask for less at once",
                self.window.start(),
                self.window.end(),
                LONGEST_WINDOW.num_days(),
            ),
            () if duration > long => format!(
                "a meeting of {} min does not fit in the window of {} min from {} to {}",
                minutes(self.duration),
                long.num_minutes(),
                self.window.start(),
                self.window.end(),
            ),
            () if is_odd => format!(
                "starts cannot be {} s apart: give whole minutes into which a day divides, such as 5, 15, 30 or 60",
                self.step.as_secs_f64(),
            ),
            () if longest_buffer.as_secs() > DAY => {
                format!("a buffer of {} min is more than a day", minutes(longest_buffer))
            }
            () if self.participants.is_empty() => "nobody is to meet: name who takes part".to_owned(),
            () if self.participants.len() > MOST_PARTICIPANTS => format!(
                "{} people are too many for one question: {MOST_PARTICIPANTS} at most",
                self.participants.len()
            ),
            () if self.limit == 0 => "no slots are asked for: give a limit of at least 1".to_owned(),
            () => match twice {
                Some(one) => format!("{} cannot take part twice", one.who),
                None => return Ok(duration),
            },
        };
        Err(Error::new(ErrorKind::InvalidInput, wrong))
    }

    /// What is to be free before and after.
    pub(super) fn buffers(&self) -> (TimeDelta, TimeDelta) {
        let delta = |buffer: Duration| TimeDelta::from_std(buffer).unwrap_or(TimeDelta::MAX);
        (delta(self.buffer_before), delta(self.buffer_after))
    }

    /// The starts in the window, which the clocks of the zone show a whole number of steps after midnight: all of
    /// them, in an hour that is shown twice too.
    pub(super) fn starts(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let window = self.window.start();
        let whole = window.with_nanosecond(0).unwrap_or(window);
        let first = if whole < window { whole + TimeDelta::seconds(1) } else { whole };
        std::iter::successors(self.start_from(first), |last| self.start_from(*last + TimeDelta::seconds(1)))
    }

    fn start_from(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let step = i64::try_from(self.step.as_secs()).ok()?;
        let past = |instant: DateTime<Utc>| {
            let wall = instant.timestamp() + i64::from(self.zone.offset_at(instant));
            wall.rem_euclid(step)
        };
        let leap = |instant: DateTime<Utc>| {
            instant.checked_add_signed(TimeDelta::seconds((step - past(instant)) % step))
        };
        let mut next = leap(instant)?;
        if self.zone.offset_at(next) != self.zone.offset_at(instant) {
            // The clock changed on the way, perhaps by less than a step: look at each second.
            next = instant;
            while past(next) != 0 {
                next = next.checked_add_signed(TimeDelta::seconds(1))?;
            }
        }
        (next < self.window.end()).then_some(next)
    }
}

impl Participant {
    /// The person who asks, who must take part.
    pub fn me() -> Self {
        Self { who: Who::Me, attendance: Attendance::Required, hours: None }
    }

    /// Somebody who must take part, by the address of their calendar.
    pub fn required(calendar: impl Into<CalendarId>) -> Self {
        Self { who: Who::Calendar(calendar.into()), attendance: Attendance::Required, hours: None }
    }

    /// Somebody who may take part, by the address of their calendar.
    pub fn optional(calendar: impl Into<CalendarId>) -> Self {
        Self { attendance: Attendance::Optional, ..Self::required(calendar) }
    }

    /// The same, only during `hours`.
    #[must_use]
    pub fn during(mut self, hours: WorkingHours) -> Self {
        self.hours = Some(hours);
        self
    }
}

impl Overlook {
    pub(super) fn lets_pass(self, severity: Severity) -> bool {
        match self {
            Self::Nothing => false,
            Self::Low => severity <= Severity::Low,
            Self::Medium => severity <= Severity::Medium,
        }
    }
}

impl<T: AsRef<str>> From<T> for Who {
    /// `me`, or the address of a calendar.
    fn from(text: T) -> Self {
        match text.as_ref() {
            "me" => Self::Me,
            calendar => Self::Calendar(calendar.into()),
        }
    }
}

impl From<Who> for String {
    fn from(who: Who) -> Self {
        match who {
            Who::Me => "me".to_owned(),
            Who::Calendar(calendar) => calendar.as_str().to_owned(),
        }
    }
}

/// As people read it.
impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Me => f.write_str("you"),
            Self::Calendar(calendar) => f.write_str(&one_line(calendar.as_str(), 100)),
        }
    }
}
