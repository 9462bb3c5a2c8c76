//! What a person would be shown of a request, from what Google says of its calendar now.

use theo_calendar::{
    Result,
    approval::{Action, ActionRequest, Look, Named, Preview, RecurrenceScope},
    client::AccountClient,
    google::EventsView,
    id::{AccountKey, CalendarId},
    model::Event,
    storage::{CalendarSettings, MirroredCalendar},
    time::Clock,
};
use theo_calendar_wasm_edge::{flat::Flat, zones::HOST_ZONES};

use crate::{client::read, query::wrong};

/// Events on a page: Google's cap.
const PAGE: u32 = 2500;

/// The request of `account` as `js/preview.js` writes it: `body` is the draft of what is made, the patch of what is
/// changed.
pub(crate) fn request(account: &AccountKey, asked: &[u8], body: &str) -> Result<ActionRequest> {
    let mut flat = Flat::new(asked);
    let mut word = || flat.text().unwrap_or_default();
    let (action, calendar, event) = (word(), account.calendar(word()), word());
    let (scope, send_updates, response) = (word(), word(), word());
    let comment = flat.text().map(Into::into);
    let event = calendar.event(event);
    let scope = match scope {
        "this" => RecurrenceScope::This,
        "thisAndFollowing" => RecurrenceScope::ThisAndFollowing,
        _ => RecurrenceScope::All,
    };
    let action = match action {
        "create" => Action::Create { calendar, draft: Box::new(read("`draft`", body)?) },
        "update" => Action::Update { event, patch: Box::new(read("`set`", body)?), scope },
        "delete" => Action::Delete { event, scope },
        "respond" => Action::Respond { event, response: response.into(), comment, scope },
        _ => return Err(wrong(format!("`action` is {action}, not create, update, delete or respond"))),
    };
    Ok(ActionRequest::new(action).send_updates(send_updates.into()))
}

/// What the person would be shown of `request`. Only reads.
pub(crate) async fn of(
    calls: &AccountClient,
    request: &ActionRequest,
    clock: &impl Clock,
) -> Result<Preview> {
    let entry = calls.calendar_list_entry(&request.action.calendar().calendar).await?;
    let key = calls.account().calendar(entry.id.clone());
    let calendar = MirroredCalendar { key, entry, settings: CalendarSettings::default() };
    let id = &calendar.entry.id;
    let named = named(calls, id, &request.action).await?;
    let look = Look::new(&"preview".into(), request, &calendar, named, &HOST_ZONES)?;

    let (mut exceptions, mut taken) = (Events::default(), Events::default());
    if let Some(uid) = look.series().and_then(|series| series.ical_uid.clone()) {
        exceptions.add(calls, id, EventsView { ical_uid: Some(uid.into()), ..EventsView::default() }).await?;
        exceptions.found.retain(|event| !event.is_master());
    }
    let now = clock.now();
    for window in look.windows(now) {
        taken.add(calls, id, EventsView::agenda(window)).await?;
    }
    taken.found.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    taken.found.dedup_by(|one, other| one.id == other.id);
    let mut preview = look.preview(exceptions.found, taken.found, now)?;
    preview.conflicts_incomplete |= exceptions.has_unreadable || taken.has_unreadable;
    Ok(preview)
}

/// The event that `action` names, and its series where more than the one occurrence is meant.
async fn named(calls: &AccountClient, calendar: &CalendarId, action: &Action) -> Result<Named> {
    let Some(id) = action.event() else { return Ok(Named::default()) };
    let event = calls.event(calendar, id).await?;
    let series = match &event.recurring_event_id {
        Some(series) if action.scope() != RecurrenceScope::This => Some(calls.event(calendar, series).await?),
        _ => None,
    };
    Ok(Named { event: Some(event), series })
}

/// Events of several listings.
#[derive(Default)]
struct Events {
    found: Vec<Event>,
    /// Whether there are more, which cannot be read.
    has_unreadable: bool,
}

impl Events {
    /// Adds all pages of `view`.
    async fn add(&mut self, calls: &AccountClient, calendar: &CalendarId, view: EventsView) -> Result<()> {
        let query = EventsView { max_results: Some(PAGE), ..view }.into();
        let mut page = None;
        loop {
            let found = calls.events_page(calendar, &query, page.as_ref()).await?;
            self.found.extend(found.events);
            self.has_unreadable |= !found.quarantined.is_empty();
            page = found.next_page_token;
            if page.is_none() {
                return Ok(());
            }
        }
    }
}
