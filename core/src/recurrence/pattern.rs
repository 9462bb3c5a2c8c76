//! A rule that starts somewhere: what its parts mean, with those that its start adds.

mod blocks;
mod matching;
mod picks;

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::{
    Frequency, Rule,
    civil::{DAY, LAST_SECOND, weekday},
    rule::OrdinalDay,
    times::Times,
    walk::unit_of,
};

/// A rule with its start, made ready to be sought in.
///
/// Time is a wall clock's, in seconds from 1970; time zones come later. Days are found a *block* at a time: those of a
/// year, or of the weeks that begin in it. A period that is sought in is reached by arithmetic, whatever lies between
/// it and the start.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) frequency: Frequency,
    pub(super) interval: i64,
    pub(super) start: i64,
    /// Nothing starts later.
    pub(super) last: i64,
    week_start: i64,
    /// Bit `n` is month `n`, from 1; every one where the rule names none.
    months: u64,
    /// Bits of the days 1 to 31, and of those from the end.
    month_days: Option<(u32, u32)>,
    year_days: Box<[i16]>,
    week_numbers: Box<[i16]>,
    /// Bit 0 is Monday.
    weekdays: u8,
    ordinals: Box<[OrdinalDay]>,
    /// Whether those are of a month and not of a year.
    ordinals_of_month: bool,
    /// Of a day, or of the hour, minute or second that the rule counts in.
    pub(super) times: Times,
    /// Where the rule counts in less than a day: hours, minutes and seconds it is limited to; all where it is not.
    pub(super) clock: [u64; 3],
    /// Where they are of a week, month or year.
    positions: Box<[i16]>,
}

const ALL_MONTHS: u64 = 0b1_1111_1111_1110;

impl Pattern {
    pub(super) fn new(rule: &Rule, start: NaiveDateTime, all_day: bool) -> Self {
        let frequency = rule.frequency;
        let names_days = !(rule.year_days.is_empty() && rule.month_days.is_empty() && rule.days.is_empty());
        let names_weeks = !rule.week_numbers.is_empty();
        let is = |of: Frequency| frequency == of && !names_days && !names_weeks;
        let own_weekday =
            is(Frequency::Weekly) || (frequency == Frequency::Yearly && names_weeks && !names_days);
        let own_month_day = is(Frequency::Monthly) || is(Frequency::Yearly);
        let own_month = is(Frequency::Yearly) && rule.months == 0;

        let weekday_of_start = 1 << start.weekday().num_days_from_monday();
        let (ordinals, plain): (Vec<OrdinalDay>, Vec<_>) =
            rule.days.iter().copied().partition(|day| day.ordinal != 0 && frequency >= Frequency::Monthly);
        let mut pattern = Self {
            frequency,
            interval: rule.interval.into(),
            start: start.and_utc().timestamp(),
            last: LAST_SECOND,
            week_start: rule.week_start.num_days_from_monday().into(),
            months: match rule.months {
                0 if own_month => 1 << start.month(),
                0 => ALL_MONTHS,
                months => months,
            },
            month_days: match own_month_day {
                true => Some((1 << start.day(), 0)),
                false if rule.month_days.is_empty() => None,
                false => Some(month_days(&rule.month_days)),
            },
            year_days: rule.year_days.clone(),
            week_numbers: rule.week_numbers.clone(),
            weekdays: match own_weekday {
                true => weekday_of_start,
                false => plain.iter().fold(0, |set, day| set | 1 << day.weekday),
            },
            ordinals: ordinals.into(),
            ordinals_of_month: frequency == Frequency::Monthly || rule.months != 0,
            times: Times::new(1, 1, 1),
            clock: [u64::MAX; 3],
            positions: Box::default(),
        };
        pattern.set_times(rule, start, all_day);
        if frequency > Frequency::Daily {
            pattern.positions = rule.positions.clone();
        } else if !rule.positions.is_empty() {
            pattern.times = pattern.times.picking(&rule.positions);
        }
        pattern
    }

    /// Those of a date are midnight, whatever the rule says (RFC 5545 §3.3.10).
    fn set_times(&mut self, rule: &Rule, start: NaiveDateTime, all_day: bool) {
        let parts = [
            (rule.hours, start.hour(), Frequency::Hourly),
            (rule.minutes, start.minute(), Frequency::Minutely),
            (rule.seconds, start.second(), Frequency::Secondly),
        ];
        if all_day {
            return;
        }
        let mut within = [1; 3];
        for (index, (named, of_start, counted)) in parts.into_iter().enumerate() {
            match named {
                0 if self.frequency > counted => within[index] = 1 << of_start,
                0 => {}
                named if self.frequency > counted => within[index] = named,
                named => self.clock[index] = named,
            }
        }
        self.times = match self.frequency >= Frequency::Daily || self.meets_its_clock() {
            true => Times::new(within[0], within[1], within[2]),
            false => Times::new(0, 0, 0),
        };
    }

    /// Whether counting from the start ever comes to a weekday, hour, minute and second that the rule names: every 8
    /// hours from 20:00, it never is 5:00.
    fn meets_its_clock(&self) -> bool {
        let [hours, minutes, seconds] = self.clock;
        let unit = unit_of(self.frequency);
        // Seconds of a week that are counted are these far from each other, over all weeks.
        let step = greatest_common_divisor(self.interval * unit, 7 * DAY);
        let first = (self.start.div_euclid(unit) * unit).rem_euclid(step);
        let has = |set: u64, number: i64| set >> number & 1 == 1;
        (first..7 * DAY).step_by(step as usize).any(|second| {
            has(hours, second / 3600 % 24)
                && has(minutes, second / 60 % 60)
                && has(seconds, second % 60)
                && (self.weekdays == 0 || has(self.weekdays.into(), weekday(second / DAY)))
        })
    }

    /// Whether `BYSETPOS` picks among the times of several days: then [`picks`](Self::picks) knows them.
    pub(super) fn is_picking(&self) -> bool {
        !self.positions.is_empty()
    }

    /// Whether any day will do.
    pub(super) fn takes_every_day(&self) -> bool {
        self.months == ALL_MONTHS
            && self.month_days.is_none()
            && self.year_days.is_empty()
            && self.week_numbers.is_empty()
            && self.weekdays == 0
            && self.ordinals.is_empty()
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn month_days(list: &[i16]) -> (u32, u32) {
    list.iter().fold((0, 0), |(from_start, from_end), day| match day {
        1.. => (from_start | 1 << day, from_end),
        _ => (from_start, from_end | 1 << (-day)),
    })
}
