//! What JavaScript asks for, in the order in which `js/client.js` writes it.

use chrono::{DateTime, Utc};
use theo_calendar::{
    Error, ErrorKind, Result,
    google::{
        CalendarListQuery, CalendarListSync, CalendarListView, EventsOrder, EventsQuery, EventsSync,
        EventsView,
    },
    id::PageToken,
    time::Timestamp,
};
use theo_calendar_wasm_edge::flat::Flat;

/// A query of calendars, and the page of it.
pub(crate) fn calendars(asked: &[u8]) -> (CalendarListQuery, Option<PageToken>) {
    let mut flat = Flat::new(asked);
    let (is_sync, since, page, max_results) = listing(&mut flat);
    let query = if is_sync {
        CalendarListSync { since: since.map(Into::into), max_results }.into()
    } else {
        let (show_deleted, show_hidden) = (flat.flag() == Some(true), flat.flag() == Some(true));
        CalendarListView { show_deleted, show_hidden, max_results, ..CalendarListView::default() }.into()
    };
    (query, page)
}

/// A query of events, and the page of it.
pub(crate) fn events(asked: &[u8]) -> Result<(EventsQuery, Option<PageToken>)> {
    let mut flat = Flat::new(asked);
    let (is_sync, since, page, max_results) = listing(&mut flat);
    let time_zone = flat.text().map(Into::into);
    if is_sync {
        let since = since.map(Into::into);
        return Ok((EventsSync { since, max_results, time_zone, ..EventsSync::default() }.into(), page));
    }
    let view = EventsView {
        time_min: instant(&mut flat)?,
        time_max: instant(&mut flat)?,
        updated_min: instant(&mut flat)?,
        q: flat.text().map(Into::into),
        order_by: match flat.text() {
            None => None,
            Some("startTime") => Some(EventsOrder::StartTime),
            Some("updated") => Some(EventsOrder::Updated),
            Some(_) => return Err(wrong("`orderBy` is startTime or updated".to_owned())),
        },
        single_events: flat.flag() == Some(true),
        show_deleted: flat.flag() == Some(true),
        max_results,
        time_zone,
        ..EventsView::default()
    };
    Ok((view.into(), page))
}

/// Whether changes are asked for, since when, which page, and how many on it.
fn listing<'a>(flat: &mut Flat<'a>) -> (bool, Option<&'a str>, Option<PageToken>, Option<u32>) {
    let (asks_for_changes, since) = (flat.flag() == Some(true), flat.text());
    let (page, most) = (flat.text().map(PageToken::from), flat.number());
    (asks_for_changes || since.is_some(), since, page, Some(most).filter(|most| *most > 0))
}

fn instant(flat: &mut Flat<'_>) -> Result<Option<DateTime<Utc>>> {
    let Some(text) = flat.text() else { return Ok(None) };
    let time = Timestamp::parse(text)
        .map_err(|error| wrong(format!("`{text}` is not an RFC 3339 time: {error}")))?;
    Ok(Some(time.utc()))
}

pub(crate) fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}
