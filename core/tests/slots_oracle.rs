//! Free slots agree with a slow, literal reading of their tables, minute by minute, whatever the order of what is told.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{cmp::Reverse, collections::BTreeMap, time::Duration};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use proptest::{prelude::*, sample::select};
use theo_calendar::{
    conflict::{
        Severity, WorkingHours,
        slots::{
            Attendance, Availability, Overlook, Participant, Slot, SlotNote, SlotQuery, SlotReason,
            SlotStanding, Slots, TakenTime, Who, find_slots,
        },
    },
    recurrence::{TimeZones, Tzdb},
    time::TimeRange,
};

/// The clocks of Berlin change at minute 60 of the first two; of the third nothing changes.
const BEGINS: [&str; 3] = ["2025-03-30T00:00:00Z", "2025-10-26T00:00:00Z", "2025-06-02T06:00:00Z"];

#[derive(Clone, Debug)]
struct Person {
    optional: bool,
    hours: Option<(u8, u8)>,
    /// From, length, severity, all day.
    taken: Vec<(i64, i64, Severity, bool)>,
    unknown: Vec<(i64, i64)>,
    is_told: bool,
}

#[derive(Clone, Debug)]
struct Asked {
    begin: DateTime<Utc>,
    from: i64,
    long: i64,
    length: i64,
    step: i64,
    before: i64,
    after: i64,
    overlook: Overlook,
    count_all_day: bool,
    allow_unknown: bool,
    overlapping: bool,
    limit: usize,
    people: Vec<Person>,
}

fn any_person() -> impl Strategy<Value = Person> {
    let severity = select(vec![Severity::Low, Severity::Medium, Severity::High]);
    (
        any::<bool>(),
        prop::option::weighted(0.3, (0_u8..12, 1_u8..12)),
        prop::collection::vec((-60_i64..420, 1_i64..90, severity, prop::bool::weighted(0.1)), 0..5),
        prop::collection::vec((-60_i64..420, 1_i64..60), 0..2),
        prop::bool::weighted(0.95),
    )
        .prop_map(|(optional, hours, taken, unknown, is_told)| Person {
            optional,
            hours,
            taken,
            unknown,
            is_told,
        })
}

fn any_question() -> impl Strategy<Value = Asked> {
    let whole =
        (select(BEGINS.to_vec()), -10_i64..60, 30_i64..360, 1_i64..90, select(vec![5_i64, 15, 30, 60]));
    let rest = (
        (select(vec![0_i64, 0, 5, 20]), select(vec![0_i64, 0, 10, 45])),
        (select(vec![Overlook::Nothing, Overlook::Low, Overlook::Medium]), any::<bool>()),
        any::<bool>(),
        any::<bool>(),
        select(vec![1_usize, 3, 1000]),
        prop::collection::vec(any_person(), 1..4),
    );
    (whole, rest).prop_map(|((begin, from, long, length, step), rest)| {
        let ((before, after), (overlook, count_all_day), allow_unknown, overlapping, limit, people) = rest;
        let begin = begin.parse().unwrap();
        let length = length.min(long);
        Asked {
            begin,
            from,
            long,
            length,
            step,
            before,
            after,
            overlook,
            count_all_day,
            allow_unknown,
            overlapping,
            limit,
            people,
        }
    })
}

fn who(index: usize) -> Who {
    if index == 0 { Who::Me } else { Who::from(format!("guest{index}@example.com")) }
}

impl Asked {
    fn at(&self, minute: i64) -> DateTime<Utc> {
        self.begin + TimeDelta::minutes(minute)
    }

    fn range(&self, from: i64, length: i64) -> TimeRange {
        TimeRange::new(self.at(from), self.at(from + length)).unwrap()
    }

    fn query(&self) -> SlotQuery {
        let minutes = |minutes: i64| Duration::from_secs(u64::try_from(minutes).unwrap() * 60);
        let people = self.people.iter().enumerate().map(|(index, person)| Participant {
            who: who(index),
            attendance: if person.optional { Attendance::Optional } else { Attendance::Required },
            hours: self.hours(person),
        });
        SlotQuery {
            participants: people.collect(),
            zone: Tzdb.known("Europe/Berlin").unwrap().clone(),
            step: minutes(self.step),
            buffer_before: minutes(self.before),
            buffer_after: minutes(self.after),
            overlook: self.overlook,
            count_all_day: self.count_all_day,
            allow_unknown: self.allow_unknown,
            overlapping: self.overlapping,
            limit: self.limit,
            ..SlotQuery::new(self.range(self.from, self.long), minutes(self.length))
        }
    }

    fn hours(&self, person: &Person) -> Option<WorkingHours> {
        let (from, length) = person.hours?;
        let span = theo_calendar::conflict::ClockSpan::new((from, 0), (from + length, 0)).unwrap();
        let zone = Tzdb.known("Europe/Berlin").unwrap().clone();
        let week = (0..7).map(|day| (chrono::Weekday::try_from(day).unwrap(), span));
        Some(WorkingHours::new(zone, week).unwrap())
    }

    fn known(&self) -> BTreeMap<Who, Availability> {
        let told = self.people.iter().enumerate().filter(|(_, person)| person.is_told);
        told.map(|(index, person)| {
            let taken = person.taken.iter().map(|(from, length, severity, is_all_day)| TakenTime {
                range: self.range(*from, *length),
                severity: *severity,
                is_all_day: *is_all_day,
            });
            let unknown =
                person.unknown.iter().map(|(from, length)| (self.range(*from, *length), "dark".to_owned()));
            (who(index), Availability { taken: taken.collect(), unknown: unknown.collect() })
        })
        .collect()
    }

    /// Whether what lasts all day, and is no worse than that, takes nobody's time.
    fn is_ignored(&self, severity: Severity, all_day: bool) -> bool {
        all_day && !self.count_all_day && severity != Severity::High
    }

    /// What there is in the way of a meeting from `start` on, read minute by minute from the first table.
    fn standing(&self, person: &Person, start: i64) -> SlotStanding {
        let end = start + self.length;
        let overlooked = |severity: Severity| match self.overlook {
            Overlook::Nothing => false,
            Overlook::Low => severity == Severity::Low,
            Overlook::Medium => severity != Severity::High,
        };
        let mut worst = SlotStanding::Free;
        for minute in start - self.before..end + self.after {
            let is_in = |from: i64, length: i64| (from..from + length).contains(&minute);
            for (from, length, severity, all_day) in &person.taken {
                if self.is_ignored(*severity, *all_day) {
                    continue;
                }
                if person.is_told && is_in(*from, *length) && (!all_day || (start..end).contains(&minute)) {
                    worst = worst.max(match severity {
                        severity if !overlooked(*severity) => SlotStanding::Busy,
                        Severity::Low => SlotStanding::OverlookedLow,
                        _ => SlotStanding::OverlookedMedium,
                    });
                }
            }
            if !person.is_told || person.unknown.iter().any(|(from, length)| is_in(*from, *length)) {
                worst = worst.max(SlotStanding::Unknown);
            }
            if (start..end).contains(&minute) && !self.works(person, minute) {
                worst = worst.max(SlotStanding::OutsideHours);
            }
        }
        worst
    }

    fn works(&self, person: &Person, minute: i64) -> bool {
        self.hours(person).is_none_or(|hours| hours.contains(&self.range(minute, 1)))
    }

    /// Whether that minute of the window keeps a meeting away, whichever it is.
    fn is_closed(&self, person: &Person, minute: i64) -> bool {
        let lets_pass = |severity: &Severity| match self.overlook {
            Overlook::Nothing => false,
            Overlook::Low => *severity == Severity::Low,
            Overlook::Medium => *severity != Severity::High,
        };
        let is_taken = person.taken.iter().any(|(from, length, severity, all_day)| {
            let (before, after) = if *all_day { (0, 0) } else { (self.before, self.after) };
            !self.is_ignored(*severity, *all_day)
                && !lets_pass(severity)
                && (from - after..from + length + before).contains(&minute)
        });
        let in_window = (self.from..self.from + self.long).contains(&minute);
        (person.is_told && is_taken) || (in_window && !self.works(person, minute))
    }

    fn fragments(&self, person: &Person, start: i64) -> usize {
        // Far beyond everything that is made up here.
        let free_from = (-1000..start).rev().take_while(|minute| !self.is_closed(person, *minute)).count();
        let free_after =
            (start + self.length..2000).take_while(|minute| !self.is_closed(person, *minute)).count();
        let length = usize::try_from(self.length).unwrap();
        usize::from((1..length).contains(&free_from)) + usize::from((1..length).contains(&free_after))
    }

    fn expected(&self) -> Vec<Slot> {
        let zone = Tzdb.known("Europe/Berlin").unwrap();
        let mut ranked = Vec::new();
        for start in self.from..=self.from + self.long - self.length {
            let wall = zone.to_local(self.at(start));
            let of_day = (wall - wall.date().and_time(NaiveTime::MIN)).num_minutes();
            if of_day % self.step != 0 {
                continue;
            }
            let standings: Vec<SlotStanding> =
                self.people.iter().map(|person| self.standing(person, start)).collect();
            let of = |optional: bool| {
                self.people.iter().zip(&standings).filter(move |(person, _)| person.optional == optional)
            };
            let count = |optional: bool, which: &[SlotStanding]| {
                of(optional).filter(|(_, standing)| which.contains(standing)).count()
            };
            use SlotStanding::{Busy, Free, OutsideHours, OverlookedLow, OverlookedMedium, Unknown};
            let not_known = count(false, &[Unknown]);
            if count(false, &[Busy, OutsideHours]) > 0 || (not_known > 0 && !self.allow_unknown) {
                continue;
            }
            let overlooked = [OverlookedLow, OverlookedMedium];
            let worst = of(false).map(|(_, standing)| *standing).filter(|one| overlooked.contains(one)).max();
            let fragments: usize = of(false).map(|(person, _)| self.fragments(person, start)).sum();
            let rank = (
                (not_known, worst, count(false, &overlooked)),
                (count(true, &[Busy, OutsideHours, Unknown]), count(true, &overlooked)),
                (wall.date(), fragments, start),
            );
            let who_must = match () {
                () if not_known > 0 => SlotReason::NotKnown,
                () if worst.is_some() => SlotReason::Overlooks,
                () if standings.iter().any(|standing| *standing != Free) => SlotReason::RequiredFree,
                () => SlotReason::EveryoneFree,
            };
            let mut reasons = vec![who_must];
            if self.people.iter().any(|person| person.hours.is_some()) && !standings.contains(&OutsideHours) {
                reasons.push(SlotReason::InsideHours);
            }
            reasons.push(match fragments {
                0 => SlotReason::LeavesNoFragment,
                _ => SlotReason::LeavesFragment,
            });
            let mut notes: Vec<SlotNote> = (0..self.people.len())
                .filter(|index| standings[*index] != Free)
                .map(|index| SlotNote {
                    who: who(index),
                    is_required: !self.people[index].optional,
                    standing: standings[index],
                })
                .collect();
            notes.sort_by_key(|note| (Reverse(note.is_required), note.who.clone()));
            let range = self.range(start, self.length);
            ranked.push((rank, Slot { range, is_known: not_known == 0, reasons, notes }));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut slots: Vec<Slot> = Vec::new();
        for (_, slot) in ranked {
            if self.overlapping || !slots.iter().any(|better| better.range.overlaps(&slot.range)) {
                slots.push(slot);
            }
        }
        slots
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn slots_are_exactly_those_that_fit_in_the_order_of_the_table(asked in any_question()) {
        let Slots { slots, has_more, .. } = find_slots(&asked.query(), &asked.known()).unwrap();
        let mut expected = asked.expected();
        prop_assert_eq!(has_more, expected.len() > asked.limit);
        expected.truncate(asked.limit);
        prop_assert_eq!(slots, expected);
    }

    #[test]
    fn the_order_of_what_is_told_changes_nothing(asked in any_question(), turn in 0_usize..4) {
        let (mut query, mut known) = (asked.query(), asked.known());
        let told = find_slots(&query, &known).unwrap();
        let turn = turn % query.participants.len();
        query.participants.rotate_left(turn);
        for times in known.values_mut() {
            times.taken.reverse();
            times.unknown.reverse();
        }
        prop_assert_eq!(find_slots(&query, &known).unwrap(), told);
    }
}
