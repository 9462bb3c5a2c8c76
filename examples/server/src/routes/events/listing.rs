//! Which events, page by page.

use std::{collections::BTreeSet, num::NonZeroU16};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use theo_calendar::{
    CalendarService,
    agenda::{AgendaItem, AgendaQuery},
    id::{CalendarKey, UserId},
    recurrence::{OriginalStart, TimeZones, Tzdb, Zone, occurrence_of},
    storage::{EventQuery, MirroredCalendar},
    time::{TimeRange, When},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    name,
    problem::{Answer, Problem},
    read::{number, range},
    view::{EventView, Page, limit},
};

/// The longest stretch in which occurrences are told one by one.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// Which events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EventsQuery {
    /// Only what ends after it: an RFC 3339 time, or a day, which begins at midnight in the person's zone.
    #[param(value_type = Option<String>, example = "2025-03-28")]
    start_date: Option<When>,
    /// Only what starts before it: likewise.
    #[param(value_type = Option<String>, example = "2025-04-04T00:00:00Z")]
    end_date: Option<When>,
    /// Only of this calendar, by its `id`; or Google's own, or `primary`, where one account alone has it.
    calendar_id: Option<String>,
    /// How many at most; 50 where it is not given.
    #[serde(deserialize_with = "limit")]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 250)]
    limit: Option<NonZeroU16>,
    /// How many to pass over first.
    #[serde(deserialize_with = "number")]
    offset: Option<u32>,
}

/// A page of events.
#[derive(Serialize, ToSchema)]
#[schema(as = Events)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventsView {
    events: Vec<EventView>,
    /// The `offset` of the next page; none on the last one.
    next_offset: Option<usize>,
    /// Whether some series takes place more often than it was followed.
    truncated: bool,
}

impl EventsView {
    pub(super) fn next_offset(&self) -> Option<usize> {
        self.next_offset
    }
}

pub(super) async fn page(
    service: &CalendarService,
    user: &UserId,
    query: &EventsQuery,
) -> Answer<EventsView> {
    let page = Page { limit: query.limit, offset: query.offset };
    let calendars = match &query.calendar_id {
        Some(id) => vec![name::calendar(service, user, id).await?],
        None => service.calendars(user).await?,
    };
    let (start, end) = (&query.start_date, &query.end_date);
    let range = match start.is_some() || end.is_some() {
        true => Some(range::between(start.clone(), end.clone(), range::zone(service, user).await?)?),
        false => None,
    };
    let named =
        query.calendar_id.as_ref().map(|_| calendars.iter().map(|calendar| calendar.key.clone()).collect());
    match range {
        Some(range) if start.is_some() && end.is_some() => {
            if range.duration() > LONGEST {
                let detail = "is more than 366 days after startDate: ask for less at once";
                return Err(Problem::of_field("endDate", detail));
            }
            occurrences(service, user, range, named, &calendars, page).await
        }
        range => mirrored(service, user, range, named, page).await,
    }
}

/// What takes place in `range`.
async fn occurrences(
    service: &CalendarService,
    user: &UserId,
    range: TimeRange,
    named: Option<Vec<CalendarKey>>,
    calendars: &[MirroredCalendar],
    page: Page,
) -> Answer<EventsView> {
    let query = AgendaQuery { calendars: named, ..AgendaQuery::new(range) };
    let agenda = service.agenda(user, &query).await?;
    let mut met = BTreeSet::new();
    let items = agenda.days.iter().flat_map(|day| &day.items);
    // What lasts for days is on each of them.
    let items: Vec<_> = items.filter(|item| met.insert((&item.key, &item.id))).collect();
    let of_page = items.iter().skip(page.offset()).take(page.limit());
    let zone_of = |item: &AgendaItem| {
        let of_calendar = calendars.iter().find(|calendar| calendar.key == item.key.calendar_key());
        Tzdb.zone_or_utc(of_calendar.and_then(|calendar| calendar.entry.time_zone.as_deref()))
    };
    let events = of_page.map(|item| occurrence(item, zone_of(item))).collect();
    let next = page.offset() + page.limit();
    Ok(EventsView { events, next_offset: (next < items.len()).then_some(next), truncated: agenda.truncated })
}

fn occurrence(item: &AgendaItem, zone: &Zone) -> EventView {
    let key = item.key.calendar_key().event(item.id.clone());
    let at = OriginalStart::in_id(item.id.as_str()).filter(|_| item.event.is_master());
    let event = at.and_then(|(_, at)| occurrence_of(&item.event, at, zone, &Tzdb).ok()?);
    EventView::new(&key, event.as_ref().unwrap_or(&item.event), Some(item.span))
}

/// What the mirror has: a series is one.
async fn mirrored(
    service: &CalendarService,
    user: &UserId,
    range: Option<TimeRange>,
    named: Option<Vec<CalendarKey>>,
    page: Page,
) -> Answer<EventsView> {
    let query = EventQuery {
        calendars: named,
        include_series: range.is_some(),
        range,
        limit: Some(page.limit() + 1),
        offset: page.offset(),
        ..EventQuery::default()
    };
    let mut found = service.list_events(user, &query).await?;
    let has_more = found.len() > page.limit();
    found.truncate(page.limit());
    let events = found.iter().map(|found| EventView::new(&found.key, &found.event, found.span)).collect();
    let next_offset = has_more.then(|| page.offset() + page.limit());
    Ok(EventsView { events, next_offset, truncated: false })
}
