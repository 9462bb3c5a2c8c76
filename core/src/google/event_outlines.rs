//! Events that only matter for when they are, in whatever form a host has them.

use std::borrow::Cow;

use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{Quarantined, events_response::quarantined};
use crate::{Error, ErrorKind, Result, model::EventOutline};

/// Events as far as they decide when they take place, and the zone of their calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventOutlines {
    /// Those that could be read, in their order.
    pub events: Vec<EventOutline>,
    /// Those that could not.
    pub quarantined: Vec<Quarantined>,
    /// The calendar's zone, where it is a page that tells.
    pub time_zone: Option<String>,
}

/// A page of Google's or of a host that has read one, or a single event.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing<'a> {
    #[serde(borrow, alias = "events")]
    items: Option<Vec<&'a RawValue>>,
    id: Option<IgnoredAny>,
    kind: Option<IgnoredAny>,
    time_zone: Option<String>,
}

impl EventOutlines {
    /// Reads a page of `events.list`, a list of events, or one event.
    ///
    /// An event that cannot be read, or has no id, is [`quarantined`](Self::quarantined); the others are unharmed.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is none of the three.
    ///
    /// ```
    /// use theo_calendar::google::EventOutlines;
    ///
    /// let read = EventOutlines::parse(br#"[{"id": "a", "summary": "Lunch"}, {"id": "b", "start": "noon"}]"#)?;
    /// assert_eq!(read.events[0].summary.as_deref(), Some("Lunch"));
    /// assert_eq!(read.quarantined[0].index, 1);
    /// # Ok::<(), theo_calendar::Error>(())
    /// ```
    pub fn parse(body: &[u8]) -> Result<Self> {
        let text = String::from_utf8_lossy(body);
        let was_mended = matches!(text, Cow::Owned(_));
        let (items, time_zone) = if text.trim_start().starts_with('[') {
            (serde_json::from_str(&text).map_err(unreadable)?, None)
        } else {
            let listing: Listing<'_> = serde_json::from_str(&text).map_err(unreadable)?;
            match (listing.items, &listing.id, &listing.kind) {
                (Some(items), ..) => (items, listing.time_zone),
                (None, Some(_), _) => (vec![serde_json::from_str(&text).map_err(unreadable)?], None),
                (None, None, Some(_)) => (Vec::new(), listing.time_zone),
                (None, None, None) => {
                    let message = "these are no events: they have neither `items` nor `id` nor `kind`";
                    return Err(Error::new(ErrorKind::InvalidInput, message));
                }
            }
        };
        let mut read = Self { time_zone, ..Self::default() };
        for (index, raw) in items.into_iter().enumerate() {
            match outline(raw.get(), was_mended) {
                Ok(event) => read.events.push(event),
                Err(reason) => read.quarantined.push(quarantined(index, raw.to_owned().into(), reason)),
            }
        }
        Ok(read)
    }
}

/// In text whose bytes were `mended`, what holds U+FFFD is not trusted.
fn outline(text: &str, mended: bool) -> Result<EventOutline, String> {
    if mended && text.contains(char::REPLACEMENT_CHARACTER) {
        return Err("is not UTF-8".to_owned());
    }
    let event: EventOutline = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if event.id.is_none() { Err("missing field `id`".to_owned()) } else { Ok(event) }
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("these are no events: {error}")).with_source(error)
}
