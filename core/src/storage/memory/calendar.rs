//! Calendars.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    Inner, MemoryStore,
    tenant::{CalendarRow, name, unknown_calendar},
};
use crate::{
    Error, ErrorKind, Result,
    id::{CalendarId, CalendarKey, UserId},
    model::CalendarListEntry,
    storage::{CalendarListPage, CalendarSettings, CalendarStore, CommitCounts, Listing, MirroredCalendar},
    sync::SyncResource,
};

#[async_trait]
impl CalendarStore for MemoryStore {
    async fn commit_calendar_list(&self, page: &CalendarListPage) -> Result<CommitCounts> {
        let now = self.clock.now();
        let mut inner = self.write();
        inner.leases.check(&page.fence)?;
        let SyncResource::CalendarList(account) = &page.state.resource else {
            return Err(wrong_state("a page of a calendar list carries the state of a calendar"));
        };
        if page.entries.iter().any(|(key, _)| key.account_key() != *account) {
            return Err(wrong_state("a page of a calendar list holds a calendar of another account"));
        }

        let generation = page.state.generation;
        let mut counts = CommitCounts::default();
        let mut gone: Vec<CalendarId> = page.deletions.clone();
        let tenant = inner.tenants.entry(account.user.clone()).or_default();
        for (key, entry) in &page.entries {
            match tenant.calendars.get_mut(&name(key)) {
                None => {
                    counts.added += 1;
                    tenant.calendars.insert(name(key), new_row(entry, generation));
                }
                Some(row) => {
                    row.generation = generation;
                    if is_same(&row.entry, entry) {
                        counts.unchanged += 1;
                    } else {
                        counts.updated += 1;
                        row.entry = entry.clone();
                    }
                }
            }
        }
        if let Listing::Full { last: true, .. } = page.listing {
            let of_account = tenant.calendars.iter().filter(|((owner, _), _)| *owner == account.account);
            let stale = of_account.filter(|(_, row)| row.generation != generation);
            gone.extend(stale.map(|((_, calendar), _)| calendar.clone()));
        }
        tenant.put_state(&page.state);
        for calendar in gone {
            counts.deleted += u64::from(inner.remove_calendar(&account.calendar(calendar), now));
        }
        Ok(counts)
    }

    async fn calendars(&self, user: &UserId) -> Result<Vec<MirroredCalendar>> {
        let inner = self.read();
        let rows = inner.tenants.get(user).into_iter().flat_map(|tenant| tenant.calendars.iter());
        let mut calendars: Vec<MirroredCalendar> = rows
            .map(|((account, calendar), row)| {
                let key =
                    CalendarKey { user: user.clone(), account: account.clone(), calendar: calendar.clone() };
                mirrored(key, row)
            })
            .collect();
        calendars.sort_by(|a, b| place(a).cmp(&place(b)));
        Ok(calendars)
    }

    async fn calendar(&self, key: &CalendarKey) -> Result<MirroredCalendar> {
        let inner = self.read();
        let tenant = inner.tenants.get(&key.user).ok_or_else(|| unknown_calendar(key))?;
        Ok(mirrored(key.clone(), tenant.calendar(key)?))
    }

    async fn set_calendar_settings(&self, key: &CalendarKey, settings: CalendarSettings) -> Result<()> {
        let mut inner = self.write();
        let tenant = inner.tenants.get_mut(&key.user).ok_or_else(|| unknown_calendar(key))?;
        tenant.calendar_mut(key)?.settings = settings;
        Ok(())
    }
}

impl Inner {
    fn remove_calendar(&mut self, key: &CalendarKey, now: DateTime<Utc>) -> bool {
        let resource = SyncResource::Events(key.clone());
        self.channels.retain(|_, channel| channel.resource != resource);
        self.tenants.get_mut(&key.user).is_some_and(|tenant| tenant.remove_calendar(key, now))
    }
}

pub(super) fn wrong_state(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

fn new_row(entry: &CalendarListEntry, generation: u64) -> CalendarRow {
    let settings = CalendarSettings::default();
    CalendarRow { entry: entry.clone(), settings, generation, mirror: Default::default() }
}

fn is_same(stored: &CalendarListEntry, new: &CalendarListEntry) -> bool {
    match (&stored.etag, &new.etag) {
        (Some(stored), Some(new)) => stored == new,
        _ => stored == new,
    }
}

fn mirrored(key: CalendarKey, row: &CalendarRow) -> MirroredCalendar {
    MirroredCalendar { key, entry: row.entry.clone(), settings: row.settings }
}

/// Primary ones first, then by the title the person sees.
fn place(calendar: &MirroredCalendar) -> (bool, Option<&str>, &CalendarKey) {
    let entry = &calendar.entry;
    let title = entry.summary_override.as_deref().or(entry.summary.as_deref());
    (entry.primary != Some(true), title, &calendar.key)
}
