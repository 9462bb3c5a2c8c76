//! Limits of Google's that can be told before asking, each with the page it is from.

use super::NewChannel;
use crate::{
    Error, ErrorKind, Result,
    id::EventId,
    model::{EventDraft, ExtendedProperties, Reminder, Reminders},
    recurrence::Recurrence,
    time::{EventTime, When},
};

/// Reminders of an event, at most (Google's reference of events).
const REMINDERS: usize = 5;
/// Minutes before the start, at most: four weeks (Google's reference of events).
const REMINDER_MINUTES: i32 = 40_320;
/// Characters of an extended property's key and value, at most (Google's guide "Extended properties").
const PROPERTY_KEY: usize = 44;
const PROPERTY_VALUE: usize = 1024;
/// Characters of a channel's id and token, at most.
const CHANNEL_ID: usize = 64;
const CHANNEL_TOKEN: usize = 256;

/// An event that is to be made.
pub(crate) fn new_event(draft: &EventDraft) -> Result<()> {
    let (Some(start), Some(end)) = (&draft.start, &draft.end) else {
        return refuse(format!("{} has no start or no end: name both", title(draft)));
    };
    times(draft, start, end)?;
    let recurs = draft.recurrence.as_ref().is_some_and(|lines| !lines.is_empty());
    if recurs {
        recurring(draft, start)?;
    }
    fields(draft)
}

/// The fields of a draft that say enough by themselves.
pub(crate) fn fields(draft: &EventDraft) -> Result<()> {
    for (name, time) in [("start", &draft.start), ("end", &draft.end)] {
        if let Some(time) = time {
            zone(draft, name, time)?;
        }
    }
    let lines = draft.recurrence.as_deref().unwrap_or_default();
    Recurrence::parse(lines).map_err(|error| error.with_field("recurrence"))?;
    if let Some(Reminders { use_default, overrides, .. }) = &draft.reminders {
        let overrides = overrides.as_deref().unwrap_or_default();
        if *use_default == Some(true) && !overrides.is_empty() {
            let message = "an event has either the calendar's default reminders or its own, not both";
            return refuse(message).map_err(|error| error.with_field("reminders"));
        }
        reminders(overrides).map_err(|error| error.with_field("reminders"))?;
    }
    let properties = draft.extended_properties.as_ref().map_or(Ok(()), properties);
    properties.map_err(|error| error.with_field("extendedProperties"))
}

/// Start and end of an event.
pub(crate) fn times(draft: &EventDraft, start: &EventTime, end: &EventTime) -> Result<()> {
    let backwards = match (&start.when, &end.when) {
        (When::Date(start), When::Date(end)) => end <= start,
        (When::Instant(start), When::Instant(end)) => end.utc() < start.utc(),
        (When::Local(first), When::Local(last)) => start.time_zone == end.time_zone && last < first,
        (When::Date(_), _) | (_, When::Date(_)) => {
            return refuse(format!("{} is all day at one end and timed at the other", title(draft)));
        }
        (When::Instant(_), When::Local(_)) | (When::Local(_), When::Instant(_)) => false,
    };
    if backwards {
        let (start, end) = (start.text(), end.text());
        let hint =
            if start.len() > 10 { "" } else { ": the end of an all-day event is the day after its last" };
        return refuse(format!("{} ends ({end}) before it starts ({start}){hint}", title(draft)));
    }
    Ok(())
}

/// A series that starts at `start`.
pub(crate) fn recurring(draft: &EventDraft, start: &EventTime) -> Result<()> {
    if !start.is_all_day() && start.time_zone.is_none() {
        let title = title(draft);
        return refuse(format!("{title} repeats without a time zone: name one, such as Europe/Berlin"));
    }
    Ok(())
}

/// Reminders in place of the calendar's.
pub(crate) fn reminders(overrides: &[Reminder]) -> Result<()> {
    if overrides.len() > REMINDERS {
        return refuse(format!("{} reminders are too many: {REMINDERS} are allowed", overrides.len()));
    }
    for reminder in overrides {
        match reminder.minutes {
            Some(minutes) if !(0..=REMINDER_MINUTES).contains(&minutes) => {
                return refuse(format!(
                    "a reminder {minutes} minutes before: 0 to {REMINDER_MINUTES} are allowed"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// An id that is not Google's own.
pub(crate) fn own_event_id(id: &EventId) -> Result<()> {
    let text = id.as_str();
    let good =
        (5..=1024).contains(&text.len()) && text.bytes().all(|c| matches!(c, b'a'..=b'v' | b'0'..=b'9'));
    if good {
        return Ok(());
    }
    refuse(format!("{id:?} cannot be an event's id: 5 to 1,024 of the characters a to v and 0 to 9 can"))
}

/// A line of text that Google makes an event of.
pub(crate) fn quick_add_text(text: &str) -> Result<()> {
    if text.trim().is_empty() { refuse("there is no text to make an event of") } else { Ok(()) }
}

/// A channel that is to be opened.
pub(crate) fn channel(watch: &NewChannel) -> Result<()> {
    let id = watch.id.as_str();
    let is_name = |c: u8| c.is_ascii_alphanumeric() || b"-_+/=".contains(&c);
    if id.is_empty() || id.len() > CHANNEL_ID || !id.bytes().all(is_name) {
        return refuse(format!(
            "{id:?} cannot be a channel's id: 1 to {CHANNEL_ID} letters, digits and -_+/= can"
        ));
    }
    if watch.token.as_ref().is_some_and(|token| token.chars().count() > CHANNEL_TOKEN) {
        return refuse(format!(
            "the token of channel {id} is too long: {CHANNEL_TOKEN} characters are allowed"
        ));
    }
    match url::Url::parse(&watch.address) {
        Ok(address) if super::is_trusted(&address) => Ok(()),
        _ => {
            refuse(format!("notifications cannot go to {:?}: Google sends them to https only", watch.address))
        }
    }
}

fn zone(draft: &EventDraft, name: &'static str, time: &EventTime) -> Result<()> {
    if matches!(time.when, When::Local(_)) && time.time_zone.is_none() {
        let title = title(draft);
        let message = format!(
            "the {name} of {title} has a local time without a time zone: name one, such as Europe/Berlin"
        );
        return refuse(message).map_err(|error| error.with_field(name));
    }
    Ok(())
}

fn properties(properties: &ExtendedProperties) -> Result<()> {
    for (key, value) in [&properties.private, &properties.shared].into_iter().flatten().flatten() {
        let (key_length, value_length) = (key.chars().count(), value.chars().count());
        if key_length == 0 || key_length > PROPERTY_KEY || value_length > PROPERTY_VALUE {
            return refuse(format!(
                "the property {:?} is too long: {PROPERTY_KEY} characters of key, {PROPERTY_VALUE} of value are allowed",
                key.chars().take(PROPERTY_KEY).collect::<String>()
            ));
        }
    }
    Ok(())
}

fn title(draft: &EventDraft) -> String {
    draft.summary.as_ref().map_or_else(|| "the event".to_owned(), |summary| format!("{summary:?}"))
}

/// The refusal of an argument.
pub(crate) fn refuse<T>(message: impl Into<std::borrow::Cow<'static, str>>) -> Result<T> {
    Err(Error::new(ErrorKind::InvalidInput, message))
}
