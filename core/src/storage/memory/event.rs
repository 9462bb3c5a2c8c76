//! Events.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    MemoryStore,
    calendar::wrong_state,
    mirror::{Row, Upserted},
    tenant::{CalendarRow, Tenant, unknown_calendar},
};
use crate::{
    Error, ErrorKind, Result,
    id::{CalendarKey, EventKey, UserId},
    model::Event,
    storage::{
        Change, ChangeCursor, ChangePage, CommitCounts, EventQuery, EventStore, Listing, MirroredEvent,
        QuarantinedEvent, SyncPage,
    },
    sync::SyncResource,
};

#[async_trait]
impl EventStore for MemoryStore {
    async fn commit_page(&self, page: &SyncPage) -> Result<CommitCounts> {
        let now = self.clock.now();
        let mut inner = self.write();
        inner.leases.check(&page.fence)?;
        if !matches!(&page.state.resource, SyncResource::Events(calendar) if *calendar == page.calendar) {
            return Err(wrong_state("a page of events carries the state of another resource"));
        }
        let tenant = inner.tenants.get_mut(&page.calendar.user);
        let tenant = tenant.ok_or_else(|| unknown_calendar(&page.calendar))?;
        tenant.calendar(&page.calendar)?;
        tenant.apply(page, now)
    }

    async fn event(&self, key: &EventKey) -> Result<MirroredEvent> {
        let inner = self.read();
        let calendar = key.calendar_key();
        let tenant = inner.tenants.get(&key.user).ok_or_else(|| unknown_event(key))?;
        let row = tenant.calendar(&calendar).ok().and_then(|calendar| calendar.mirror.row(&key.event));
        row.map(|row| mirrored(&calendar, row)).ok_or_else(|| unknown_event(key))
    }

    async fn events_by_key(&self, user: &UserId, keys: &[EventKey]) -> Result<Vec<MirroredEvent>> {
        let inner = self.read();
        let Some(tenant) = inner.tenants.get(user) else { return Ok(Vec::new()) };
        let found = keys.iter().filter(|key| key.user == *user).filter_map(|key| {
            let key = (key.calendar_key(), &key.event);
            let row = tenant.calendar(&key.0).ok()?.mirror.row(key.1)?;
            Some(mirrored(&key.0, row))
        });
        Ok(found.collect())
    }

    async fn events(&self, user: &UserId, query: &EventQuery) -> Result<Vec<MirroredEvent>> {
        let inner = self.read();
        let Some(tenant) = inner.tenants.get(user) else { return Ok(Vec::new()) };
        let text = query.text.as_deref().map(str::to_lowercase);
        let matches = |row: &Row| {
            (query.include_cancelled || !row.event.is_cancelled())
                && text.as_deref().is_none_or(|text| mentions(&row.event, text))
        };
        let mut found = Vec::new();
        for (key, calendar) in tenant.calendars(user) {
            if query.calendars.as_ref().is_some_and(|wanted| !wanted.contains(&key)) {
                continue;
            }
            match &query.range {
                Some(range) => {
                    let mirror = &calendar.mirror;
                    let rows = mirror.overlapping(range).filter(|row| matches(row));
                    found.extend(rows.map(|row| mirrored(&key, row)));
                    if query.include_series {
                        let is_there =
                            |row: &Row| matches(row) && row.span.is_some_and(|span| span.overlaps(range));
                        for master in mirror.series(range).filter(|row| matches(row)) {
                            found.push(mirrored(&key, master));
                            let exceptions = mirror.exceptions(&master.event.id);
                            found.extend(
                                exceptions.filter(|row| !is_there(row)).map(|row| mirrored(&key, row)),
                            );
                        }
                    }
                }
                None => {
                    let rows = calendar.mirror.rows().filter(|row| matches(row));
                    found.extend(rows.map(|row| mirrored(&key, row)));
                }
            }
        }
        found.sort_by(|a, b| place(a).cmp(&place(b)));
        Ok(found.into_iter().skip(query.offset).take(query.limit.unwrap_or(usize::MAX)).collect())
    }

    async fn event_counts(&self, user: &UserId) -> Result<Vec<(CalendarKey, u64)>> {
        let inner = self.read();
        let calendars = inner.tenants.get(user).into_iter().flat_map(|tenant| tenant.calendars(user));
        Ok(calendars.map(|(key, calendar)| (key, calendar.mirror.live())).collect())
    }

    async fn changes_since(&self, user: &UserId, cursor: ChangeCursor, limit: usize) -> Result<ChangePage> {
        let inner = self.read();
        let Some(tenant) = inner.tenants.get(user) else {
            return Ok(ChangePage { changes: Vec::new(), next: cursor });
        };
        let changes: Vec<Change> = tenant
            .feed
            .after(cursor)
            .take(limit)
            .map(|(cursor, entry)| {
                let key = entry.key.clone();
                Change { cursor, event: tenant.current(&key), key, at: entry.at }
            })
            .collect();
        let next = changes.last().map_or(cursor, |change| change.cursor);
        Ok(ChangePage { changes, next })
    }

    async fn quarantined(&self, user: &UserId) -> Result<Vec<QuarantinedEvent>> {
        let inner = self.read();
        let calendars = inner.tenants.get(user).into_iter().flat_map(|tenant| tenant.calendars.values());
        Ok(calendars.flat_map(|calendar| calendar.mirror.quarantine.iter()).cloned().collect())
    }
}

impl Tenant {
    /// Everything was checked before: nothing here fails half-way.
    fn apply(&mut self, page: &SyncPage, now: DateTime<Utc>) -> Result<CommitCounts> {
        let calendar = &page.calendar;
        let generation = page.state.generation;
        let mut counts = CommitCounts::default();
        for row in &page.events {
            match self.upsert_event(calendar, row, generation, now)? {
                Upserted::Added => counts.added += 1,
                Upserted::Updated => counts.updated += 1,
                Upserted::Unchanged => counts.unchanged += 1,
            }
        }
        for event in &page.deletions {
            counts.deleted += self.remove_event(calendar, event, now)?;
        }
        let mirror = &mut self.calendar_mut(calendar)?.mirror;
        for event in &page.quarantined {
            counts.quarantined += 1;
            if let Some(id) = &event.event {
                mirror.keep(id, generation);
            }
            mirror
                .quarantine
                .put(QuarantinedEvent { calendar: calendar.clone(), ..event.clone() }, generation);
        }
        if let Listing::Full { last: true, .. } = page.listing {
            counts.deleted += self.sweep_events(calendar, generation, now)?;
        }
        self.put_state(&page.state);
        Ok(counts)
    }

    pub(super) fn calendars<'a>(
        &'a self,
        user: &'a UserId,
    ) -> impl Iterator<Item = (CalendarKey, &'a CalendarRow)> {
        self.calendars.iter().map(move |((account, calendar), row)| {
            let key =
                CalendarKey { user: user.clone(), account: account.clone(), calendar: calendar.clone() };
            (key, row)
        })
    }

    fn current(&self, key: &EventKey) -> Option<Arc<Event>> {
        let calendar = self.calendar(&key.calendar_key()).ok()?;
        calendar.mirror.row(&key.event).map(|row| row.event.clone())
    }
}

fn mirrored(calendar: &CalendarKey, row: &Row) -> MirroredEvent {
    MirroredEvent { key: calendar.event(row.event.id.clone()), event: row.event.clone(), span: row.span }
}

fn mentions(event: &Event, lowercase: &str) -> bool {
    let texts = [&event.summary, &event.location, &event.description];
    texts.into_iter().flatten().any(|text| text.to_lowercase().contains(lowercase))
}

/// By start, those without one last; then by id.
fn place(event: &MirroredEvent) -> (bool, Option<DateTime<Utc>>, &str, &EventKey) {
    let start = event.span.map(|span| span.start());
    (start.is_none(), start, event.key.event.as_str(), &event.key)
}

fn unknown_event(key: &EventKey) -> Error {
    let message = format!(
        "event \"{}\" is not in the mirror of calendar \"{}\": it was deleted, or not synced yet",
        key.event, key.calendar
    );
    Error::new(ErrorKind::NotFound, message)
}
