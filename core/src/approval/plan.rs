//! The steps of a change to this and the following occurrences. Pure.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Action, CARRIED_TAG, NamedOccurrence, Step, created_event_id,
    drift::{fields, same_time},
    merge,
    series::{self, draft_of, original_start},
    step::carried_from,
};
use crate::{
    Error, ErrorKind, Result,
    google::EventBody,
    id::ApprovalId,
    model::Event,
    recurrence::{OriginalStart, Series, SeriesMove, SeriesSplit, TimeZones, Zone, occurrence_of},
};

/// Exceptions that are carried over to a new series at most.
const MOST_CARRIED: usize = 100;

/// Occurrences that are answered one by one at most.
const MOST_ANSWERED: usize = 50;

/// What the steps are planned from.
pub(super) struct Plan<'a> {
    pub(super) id: &'a ApprovalId,
    pub(super) action: &'a Action,
    pub(super) master: &'a Event,
    pub(super) named: &'a NamedOccurrence,
    /// All exceptions of the series, cancelled ones too.
    pub(super) exceptions: &'a [Event],
    pub(super) zone: &'a Zone,
    pub(super) zones: &'a dyn TimeZones,
}

impl Plan<'_> {
    /// The steps, in order; the first is the one that shows whether the series still is what the person saw.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where the series cannot be split there, or has too many exceptions to carry over.
    pub(super) fn steps(&self) -> Result<Vec<Step>> {
        match self.action {
            Action::Respond { .. } => self.answers(),
            Action::Delete { .. } => Ok(vec![self.trim(&self.split()?)]),
            Action::Update { .. } | Action::Create { .. } => self.replaced(),
        }
    }

    /// When the series has the occurrence it is split before.
    fn at(&self) -> Result<OriginalStart> {
        original_start(&self.named.event, self.zone, self.zones).ok_or_else(|| {
            let message = format!("event {} does not say which occurrence it is", self.named.event.id);
            Error::new(ErrorKind::MalformedResponse, message)
        })
    }

    fn split(&self) -> Result<SeriesSplit> {
        let split = SeriesSplit::of(self.master, self.at()?, self.zone, self.zones)?;
        split.ok_or_else(|| {
            let message =
                format!("nothing of series {} comes before the occurrence any more", self.master.id);
            Error::new(ErrorKind::InvalidInput, message)
        })
    }

    /// The exceptions from the occurrence on, by when the series has them.
    fn following(&self) -> Result<Vec<(OriginalStart, &Event)>> {
        let at = self.at()?;
        let placed = self
            .exceptions
            .iter()
            .filter_map(|exception| Some((original_start(exception, self.zone, self.zones)?, exception)));
        let mut following: Vec<_> = placed.filter(|(start, _)| *start >= at).collect();
        following.sort_by_key(|(start, _)| *start);
        Ok(following)
    }

    fn trim(&self, split: &SeriesSplit) -> Step {
        let cut_off = self.following().unwrap_or_default();
        let cut_off = cut_off.into_iter().map(|(_, exception)| exception.id.clone()).collect();
        Step::Trim { recurrence: split.before.clone(), cut_off }
    }

    fn replaced(&self) -> Result<Vec<Step>> {
        let split = self.split()?;
        let rest = series::rest(self.master, &split);
        let (action, moved) = series::settled(self.action, None, &rest, self.zone, self.zones)?;
        let mut follower = merge::applied(&rest, &merge::written(self.id, &action, &rest)?)?;
        follower.id = created_event_id(self.id);
        let (mut carried, mut cancelled) = (Vec::new(), Vec::new());
        let occurrences = Series::of_event(&follower, self.zone, self.zones)?;
        for (start, exception) in self.following()? {
            let there = moved.as_ref().map_or(start, |moved| moved.original_start(start));
            // Its occurrence is none of the new series, where that repeats in another way.
            if occurrences.as_ref().is_none_or(|series| series.at(there).is_none()) {
                continue;
            }
            if exception.is_cancelled() {
                cancelled.push(there);
            } else {
                let changes = self.carried(exception, start, &follower, moved.as_ref())?;
                let event = there.id(&follower.id);
                carried.push(Step::Carry { event, from: exception.id.clone(), changes });
            }
        }
        check_carried(carried.len())?;
        if let Some(line) = left_out(&cancelled) {
            follower.recurrence.get_or_insert_default().push(line);
        }
        let event = follower.id.clone();
        let insert = Step::Insert { event, draft: Box::new(draft_of(&follower)) };
        Ok([self.trim(&split), insert].into_iter().chain(carried).collect())
    }

    /// How an occurrence of the new series is to differ from it, to be what `exception` was.
    ///
    /// What the change says holds for all that follows; what it does not say, the exception keeps. One that was moved
    /// by itself stays where it was moved to, unless it is the one that the change gives a time to.
    fn carried(
        &self,
        exception: &Event,
        start: OriginalStart,
        follower: &Event,
        moved: Option<&SeriesMove>,
    ) -> Result<EventBody> {
        let wanted = match self.action {
            Action::Update { event, patch, scope } => {
                let mut patch = patch.clone();
                (patch.set.start, patch.set.end, patch.set.recurrence) = (None, None, None);
                patch.clear.remove("recurrence");
                let action = Action::Update { event: event.clone(), patch: patch.clone(), scope: *scope };
                if patch.is_empty() {
                    exception.clone()
                } else {
                    merge::applied(exception, &merge::written(self.id, &action, exception)?)?
                }
            }
            _ => exception.clone(),
        };
        let mut body = EventBody::default();
        let (wanted_fields, series_fields) = (fields(&draft_of(&wanted)), fields(&draft_of(follower)));
        let names: BTreeSet<&String> = wanted_fields.keys().chain(series_fields.keys()).collect();
        for name in names.into_iter().filter(|name| !OF_THE_SERIES.contains(&name.as_str())) {
            match (wanted_fields.get(name), series_fields.get(name)) {
                (Some(value), other) if Some(value) != other => body.set(name, value)?,
                (None, Some(Value::Null) | None) | (Some(_), _) => {}
                (None, Some(_)) => body.clear(name),
            }
        }
        let slot = occurrence_of(self.master, start, self.zone, self.zones)?;
        let is_placed = slot.is_none_or(|slot| {
            !same_time(slot.start.as_ref(), exception.start.as_ref())
                || !same_time(slot.end.as_ref(), exception.end.as_ref())
        });
        let is_named = start == self.at()? && moved.is_some();
        let all_day = |event: &Event| event.start.as_ref().is_some_and(|start| start.is_all_day());
        if is_placed
            && !is_named
            && all_day(exception) == all_day(follower)
            && let (Some(start), Some(end)) = (&exception.start, &exception.end)
        {
            body.set("start", start)?;
            body.set("end", end)?;
        }
        let mut properties = merge::marked(self.id, wanted.extended_properties, None);
        let private = properties.private.get_or_insert_default();
        private.insert(CARRIED_TAG.to_owned(), carried_from(&exception.id).to_owned());
        body.set("extendedProperties", &properties)?;
        Ok(body)
    }

    fn answers(&self) -> Result<Vec<Step>> {
        let following = self.following()?;
        let starts = answered(self.master, self.at()?, self.zone, self.zones)?;
        let id = |start: &OriginalStart| {
            let exception = following.iter().find(|(of, _)| of == start).map(|(_, exception)| *exception);
            match exception {
                Some(exception) if exception.is_cancelled() => None,
                Some(exception) => Some(exception.id.clone()),
                None => Some(start.id(&self.master.id)),
            }
        };
        Ok(starts.iter().filter_map(id).map(|event| Step::Answer { event }).collect())
    }
}

/// Refuses more exceptions than are carried over.
pub(super) fn check_carried(exceptions: usize) -> Result<()> {
    if exceptions <= MOST_CARRIED {
        return Ok(());
    }
    let message = format!(
        "the series cannot be split there: {exceptions} of its occurrences after that were changed by themselves, and \
         {MOST_CARRIED} can be taken over"
    );
    Err(Error::new(ErrorKind::InvalidInput, message))
}

/// The occurrences from `at` on, to be answered one by one.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when they are more than [`MOST_ANSWERED`].
pub(super) fn answered(
    master: &Event,
    at: OriginalStart,
    zone: &Zone,
    zones: &dyn TimeZones,
) -> Result<Vec<OriginalStart>> {
    let Some(series) = Series::of_event(master, zone, zones)? else { return Ok(Vec::new()) };
    let starts: Vec<OriginalStart> =
        series.starting_with(at).take(MOST_ANSWERED + 1).map(|one| one.original_start).collect();
    if starts.len() > MOST_ANSWERED {
        let message = format!(
            "Google takes no answer to this and the following occurrences, and more than {MOST_ANSWERED} are too many to \
             answer one by one: answer this one, or all"
        );
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(starts)
}

/// Fields that an occurrence has from its series alone, or that are written apart.
const OF_THE_SERIES: &[&str] = &["start", "end", "recurrence", "extendedProperties", "eventType"];

/// The line that leaves out occurrences which were cancelled in the old series.
fn left_out(starts: &[OriginalStart]) -> Option<String> {
    let parameter = match starts.first()? {
        OriginalStart::Date(_) => ";VALUE=DATE",
        OriginalStart::Instant(_) => "",
    };
    let dates: Vec<String> = starts.iter().map(OriginalStart::to_string).collect();
    Some(format!("EXDATE{parameter}:{}", dates.join(",")))
}
