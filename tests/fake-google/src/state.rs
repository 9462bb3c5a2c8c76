//! Everything the fake knows, behind one lock, and the one way by which an event is changed.

mod kept;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use crate::calendar::Calendar;
use crate::channel::Channels;
use crate::clock::{Clock, rfc3339};
use crate::error::{ApiError, ApiResult};
use crate::fault::Faults;
use crate::grant::Grants;
use crate::ledger::Ledger;
use crate::person::{Person, Role};
use crate::quota::Quota;

/// A listing computed once, from which pages are cut.
pub(crate) type Kept = Arc<Vec<Arc<str>>>;

/// How many computed listings are kept for their next pages.
const KEPT_LISTINGS: usize = 64;

/// The whole state.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) random: fastrand::Rng,
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) calendars: HashMap<String, Calendar>,
    pub(crate) grants: Grants,
    pub(crate) faults: Faults,
    pub(crate) ledger: Ledger,
    pub(crate) quota: Quota,
    pub(crate) channels: Channels,
    kept: BTreeMap<u64, Kept>,
}

impl State {
    pub(crate) fn new(clock: Clock, channels: Channels) -> Self {
        Self {
            clock,
            random: fastrand::Rng::with_seed(0x7468_656f),
            people: BTreeMap::new(),
            calendars: HashMap::new(),
            grants: Grants::default(),
            faults: Faults::default(),
            ledger: Ledger::default(),
            quota: Quota::default(),
            channels,
            kept: BTreeMap::new(),
        }
    }

    pub(crate) fn person(&self, email: &str) -> ApiResult<&Person> {
        self.people.get(email).ok_or_else(ApiError::unauthenticated)
    }

    pub(crate) fn person_mut(&mut self, email: &str) -> ApiResult<&mut Person> {
        self.people.get_mut(email).ok_or_else(ApiError::unauthenticated)
    }

    /// The calendar a person means by `id` (`primary` is their own), if they may see it at all.
    pub(crate) fn visible(&self, person: &str, id: &str) -> ApiResult<(&Calendar, Role)> {
        let id = if id == "primary" { person } else { id };
        let calendar =
            self.calendars.get(id).filter(|calendar| !calendar.deleted).ok_or_else(ApiError::not_found)?;
        let role = self.person(person)?.role(id).ok_or_else(ApiError::not_found)?;
        Ok((calendar, role))
    }

    /// The id of a calendar whose events the person may write.
    pub(crate) fn writable(&self, person: &str, id: &str) -> ApiResult<String> {
        let (calendar, role) = self.visible(person, id)?;
        if role < Role::WriterWithoutPrivateAccess {
            let message = "You need to have writer access to this calendar.";
            return Err(ApiError::forbidden("requiredAccessLevel", message));
        }
        Ok(calendar.id.clone())
    }

    pub(crate) fn calendar(&self, id: &str) -> ApiResult<&Calendar> {
        self.calendars.get(id).ok_or_else(ApiError::not_found)
    }

    pub(crate) fn calendar_mut(&mut self, id: &str) -> ApiResult<&mut Calendar> {
        self.calendars.get_mut(id).ok_or_else(ApiError::not_found)
    }

    /// Stores an event as the calendar's newest change with a new etag, and notifies its watchers.
    ///
    /// `touch` says whether `updated` moves; a change of reminders alone does not move it.
    pub(crate) fn store(
        &mut self,
        calendar: &str,
        key: &str,
        event: &mut Map<String, Value>,
        touch: bool,
        bare: bool,
    ) -> ApiResult<()> {
        let previous = self.calendar(calendar)?.event(key).map(|stored| stored.updated);
        let updated = match previous {
            Some(updated) if !touch => updated,
            _ => self.clock.stamp(),
        };
        event.insert("etag".into(), self.clock.etag().into());
        event.insert("updated".into(), rfc3339(updated).into());
        self.calendar_mut(calendar)?.put(key, event, updated, bare);
        self.notify(&format!("events:{calendar}"));
        Ok(())
    }

    /// Tells every live channel of `resource` that something exists there to be fetched.
    pub(crate) fn notify(&mut self, resource: &str) {
        let now = self.clock.now();
        self.channels.notify(resource, now, &mut self.random);
    }

    /// Keeps a computed listing for its next pages.
    pub(crate) fn keep(&mut self, items: Kept) -> u64 {
        let number = self.kept.last_key_value().map_or(1, |(number, _)| number + 1);
        self.kept.insert(number, items);
        while self.kept.len() > KEPT_LISTINGS {
            self.kept.pop_first();
        }
        number
    }

    pub(crate) fn kept(&self, number: u64) -> ApiResult<Kept> {
        let gone = || ApiError::parameter("pageToken", "The page token has expired.");
        self.kept.get(&number).cloned().ok_or_else(gone)
    }

    /// Makes a person with a primary calendar.
    pub(crate) fn add_person(&mut self, email: &str, zone: Tz) {
        if self.people.contains_key(email) {
            return;
        }
        self.people.insert(email.to_owned(), Person::new(email, zone));
        self.add_calendar(email, email, email, zone);
    }

    /// Makes a calendar owned by `owner` and puts it in their list.
    pub(crate) fn add_calendar(&mut self, owner: &str, id: &str, summary: &str, zone: Tz) {
        let mut props = Map::new();
        props.insert("kind".into(), "calendar#calendar".into());
        props.insert("etag".into(), self.clock.etag().into());
        props.insert("id".into(), id.into());
        props.insert("summary".into(), summary.into());
        props.insert("timeZone".into(), zone.name().into());
        props.insert(
            "conferenceProperties".into(),
            json!({ "allowedConferenceSolutionTypes": ["hangoutsMeet"] }),
        );
        self.calendars.insert(id.to_owned(), Calendar::new(id, owner, props));
        self.share(id, owner, Role::Owner);
    }

    /// Puts a calendar in a person's list with a role. A changed role ends the calendar's sync tokens.
    pub(crate) fn share(&mut self, calendar: &str, person: &str, role: Role) {
        let etag = self.clock.etag();
        let Some(holder) = self.people.get_mut(person) else { return };
        let before = holder.entries.get(calendar).map(|entry| entry.role);
        holder.enlist(calendar, role, &etag);
        if before.is_some_and(|before| before != role) {
            self.expire_sync_tokens(calendar);
        }
        self.notify(&format!("list:{person}"));
    }

    /// Takes a person's access to a calendar away; it leaves their list.
    pub(crate) fn unshare(&mut self, calendar: &str, person: &str) {
        let etag = self.clock.etag();
        let Some(holder) = self.people.get_mut(person) else { return };
        if let Some(entry) = holder.entries.get_mut(calendar) {
            entry.deleted = true;
            entry.lost = true;
        }
        holder.touch(calendar, &etag);
        self.expire_sync_tokens(calendar);
        self.notify(&format!("list:{person}"));
    }
}
