//! What part of a series an action means. Pure.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Action, RecurrenceScope};
use crate::{
    Error, ErrorKind, Result,
    id::CalendarKey,
    model::{Event, EventDraft, EventType},
    recurrence::{OriginalStart, SeriesMove, SeriesSplit, TimeZones, Zone},
};

/// The occurrence that an action names while it changes more of its series, as it was when asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedOccurrence {
    /// The exception there was, or else what the series says of it.
    pub event: Box<Event>,
    /// Whether the series is split before it.
    pub splits: bool,
}

/// When the series of `event` has it, where it is an occurrence.
pub(super) fn original_start(event: &Event, zone: &Zone, zones: &dyn TimeZones) -> Option<OriginalStart> {
    let told = event.original_start_time.as_ref().and_then(|time| OriginalStart::of(time, zone, zones).ok());
    told.or_else(|| OriginalStart::in_id(event.id.as_str()).map(|(_, start)| start))
}

/// `master` as it goes on from the split, unchanged otherwise.
pub(super) fn rest(master: &Event, split: &SeriesSplit) -> Event {
    let mut conference = master.conference_data.clone();
    if let Some(conference) = conference.as_mut().filter(|conference| conference.conference_id.is_some()) {
        // It is the same conference, and not to be asked for once more.
        conference.create_request = None;
    }
    Event {
        conference_data: conference,
        start: Some(split.start.clone()),
        end: Some(split.end.clone()),
        recurrence: Some(split.after.clone()),
        ..master.clone()
    }
}

/// `action` with the times of the series in the place of those of the occurrence it names: all of a series moves by as
/// much as that. What it is without such times stays.
///
/// # Errors
/// Those of [`SeriesMove::of`].
pub(super) fn settled<'a>(
    action: &'a Action,
    at: Option<OriginalStart>,
    series: &Event,
    zone: &Zone,
    zones: &dyn TimeZones,
) -> Result<(Cow<'a, Action>, Option<SeriesMove>)> {
    let unchanged = (Cow::Borrowed(action), None);
    let Action::Update { event, patch, scope } = action else { return Ok(unchanged) };
    let (start, end) = (patch.set.start.as_ref(), patch.set.end.as_ref());
    if *scope == RecurrenceScope::This || !series.is_master() || (start.is_none() && end.is_none()) {
        return Ok(unchanged);
    }
    let Some(own) = &series.start else { return Ok(unchanged) };
    let at = match at {
        Some(at) => at,
        None => OriginalStart::of(own, zone, zones)?,
    };
    let says_how = patch.set.recurrence.is_some() || patch.clear.contains("recurrence");
    let moved = if says_how {
        SeriesMove::times(series, at, start, end, zone, zones)?
    } else {
        SeriesMove::of(series, at, start, end, zone, zones)?
    };
    let mut patch = patch.clone();
    (patch.set.start, patch.set.end) = (Some(moved.start.clone()), Some(moved.end.clone()));
    if !says_how && series.recurrence.as_ref() != Some(&moved.lines) {
        patch.set.recurrence = Some(moved.lines.clone());
    }
    Ok((Cow::Owned(Action::Update { event: event.clone(), patch, scope: *scope }), Some(moved)))
}

/// Refuses to split a series that Google would not let this person split, or not make anew.
pub(super) fn check_split(action: &Action, master: &Event, calendar: &CalendarKey) -> Result<()> {
    let own = |email: &str| {
        [calendar.calendar.as_str(), calendar.account.as_str()]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(email))
    };
    let is_organizer = master.organizer.as_ref().is_none_or(|organizer| {
        organizer.is_self == Some(true) || organizer.email.as_deref().is_none_or(own)
    });
    if !is_organizer {
        let message = "only its organizer can change a series from one occurrence on: decline the occurrences, or change \
                       this one or all";
        return Err(Error::new(ErrorKind::Forbidden, message));
    }
    if matches!(action, Action::Delete { .. }) {
        return Ok(());
    }
    if master.attendees_omitted == Some(true) {
        let message =
            "the series cannot be split: Google did not send all of its guests, and the others would be lost";
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    match &master.event_type {
        Some(kind @ (EventType::Birthday | EventType::FromGmail)) => {
            let message =
                format!("the series cannot be split: Google makes events of type {kind} by itself alone");
            Err(Error::new(ErrorKind::InvalidInput, message))
        }
        _ => Ok(()),
    }
}

/// What a client may write of `event`: what a new event like it is made of.
pub(super) fn draft_of(event: &Event) -> EventDraft {
    let event = event.clone();
    EventDraft {
        summary: event.summary,
        start: event.start,
        end: event.end,
        description: event.description,
        location: event.location,
        attendees: event.attendees,
        recurrence: event.recurrence,
        status: event.status,
        transparency: event.transparency,
        visibility: event.visibility,
        event_type: event.event_type,
        reminders: event.reminders,
        conference_data: event.conference_data.map(|data| *data),
        extended_properties: event.extended_properties,
        attachments: event.attachments,
        color_id: event.color_id,
        event_label_id: event.event_label_id,
        out_of_office_properties: event.out_of_office_properties.map(|of| *of),
        focus_time_properties: event.focus_time_properties.map(|of| *of),
        working_location_properties: event.working_location_properties.map(|of| *of),
        birthday_properties: event.birthday_properties.map(|of| *of),
        guests_can_invite_others: event.guests_can_invite_others,
        guests_can_modify: event.guests_can_modify,
        guests_can_see_other_guests: event.guests_can_see_other_guests,
        anyone_can_add_self: event.anyone_can_add_self,
        source: event.source.map(|source| *source),
        ..EventDraft::default()
    }
}
