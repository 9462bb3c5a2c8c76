//! When several people have time for each other.
//!
//! [`find_slots`] looks where a meeting fits into what is known of everybody's time. What takes whose time follows the
//! table of [`conflict`](super); nothing here knows HTTP, storage or a clock.
//!
//! # When a slot fits
//! | In the time of one who takes part, buffers included | A slot there |
//! |---|---|
//! | nothing, or nothing that is a conflict | yes |
//! | what conflicts, as bad as [`Overlook`] lets pass | yes, ranked after those where there is nothing |
//! | what lasts all day, where [`count_all_day`](SlotQuery::count_all_day) says no, save out of office | yes |
//! | what conflicts and is worse | no; of one who is optional, ranked later |
//! | Google says busy and no more | no; of one who is optional, ranked later |
//! | outside their working hours | no; of one who is optional, ranked later |
//! | not known | no, unless [`allow_unknown`](SlotQuery::allow_unknown): ranked last, and says that it is not known |
//!
//! Free is free: by default nothing that takes anybody's time is overlooked. Unknown is not free. Working hours and
//! the window hold the meeting itself; buffers may lie outside them. Events that last all day ask for no buffer.
//!
//! # Which slots come first
//! 1. Those of which it is known that they are free.
//! 2. Those that overlook nothing, then little: the worst first, then of how many people.
//! 3. Those at which more of the optional can come, and to whom nothing is overlooked.
//! 4. Those on an earlier day, in the zone of the query.
//! 5. Of a day, those that leave nobody who must come a gap too short for another meeting as long.
//! 6. The earlier ones.
//!
//! Slots that share time with one that comes before them are left out, unless they are asked for.

mod answer;
mod availability;
mod candidate;
mod query;
mod timeline;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

pub use self::{
    answer::{Slot, SlotNote, SlotReason, SlotStanding, Slots, UnknownTime, format_slot},
    availability::{Availability, TakenTime},
    query::{Attendance, Overlook, Participant, SlotQuery, Who},
};
use self::{candidate::Candidate, timeline::Timeline};
use crate::{Result, time::TimeRange};

/// When all of `query`'s participants have time, best first, by what is `known` of each.
///
/// - One of whom nothing is known is unknown throughout, never free.
/// - The same question on the same times gives the same answer, in whatever order people and times are named.
///
/// # Errors
/// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when the query asks what cannot be answered; see
/// [`SlotQuery`].
///
/// ```
/// use std::{collections::BTreeMap, time::Duration};
/// use theo_calendar::conflict::slots::{Availability, Participant, SlotQuery, SlotReason, Who, find_slots};
/// use theo_calendar::time::TimeRange;
///
/// let at = |text: &str| text.parse().unwrap();
/// let morning = TimeRange::new(at("2025-03-03T09:00:00Z"), at("2025-03-03T12:00:00Z"))?;
/// let mut query = SlotQuery::new(morning, Duration::from_secs(3600));
/// query.participants.push(Participant::required("bob@example.com"));
///
/// let busy = TimeRange::new(at("2025-03-03T09:30:00Z"), at("2025-03-03T10:30:00Z"))?;
/// let known = BTreeMap::from([
///     (Who::Me, Availability::default()),
///     (Who::from("bob@example.com"), Availability::busy([busy])),
/// ]);
/// let found = find_slots(&query, &known)?;
/// assert_eq!(found.slots[0].range.start(), at("2025-03-03T10:30:00Z"));
/// assert!(found.slots[0].reasons.contains(&SlotReason::EveryoneFree));
/// # Ok::<(), theo_calendar::Error>(())
/// ```
pub fn find_slots(query: &SlotQuery, known: &BTreeMap<Who, Availability>) -> Result<Slots> {
    let duration = query.check()?;
    let mut timelines: Vec<Timeline<'_>> =
        query.participants.iter().map(|one| Timeline::new(one, known.get(&one.who), query)).collect();
    timelines.sort_unstable_by_key(|timeline| timeline.who());

    let starts = query.starts().filter_map(|start| {
        let range = TimeRange::new(start, start.checked_add_signed(duration)?).ok()?;
        (range.end() <= query.window.end()).then_some(range)
    });
    let mut candidates: Vec<Candidate> =
        starts.filter_map(|range| Candidate::new(range, &timelines, query)).collect();
    candidates.sort_unstable_by(|one, other| one.rank.cmp(&other.rank));

    let (mut slots, mut taken, mut has_more) = (Vec::new(), BTreeSet::new(), false);
    for candidate in candidates {
        // All are as long as each other.
        let range = candidate.range;
        let near = (Bound::Excluded(range.start() - duration), Bound::Excluded(range.end()));
        if !query.overlapping && taken.range(near).next().is_some() {
            continue;
        }
        if slots.len() >= query.limit {
            has_more = true;
            break;
        }
        taken.insert(range.start());
        slots.push(candidate.into_slot(&timelines));
    }
    let unknown = timelines.iter().flat_map(Timeline::unknown_times).collect();
    Ok(Slots { slots, has_more, unknown })
}
