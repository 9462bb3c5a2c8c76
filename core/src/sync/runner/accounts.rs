//! All of a person's accounts: each list first, then the calendars on it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    SyncOptions, SyncRunner,
    resource::{Aim, Run, Running},
};
use crate::{
    Error, ErrorKind, Result,
    id::{AccountKey, CalendarId, UserId},
    storage::MirroredCalendar,
    sync::{
        CalendarReport, Standing, SyncFailure, SyncObserver, SyncProgress, SyncReport, SyncResource,
        SyncState, Unobserved, source::Source,
    },
};

impl SyncRunner {
    /// Mirrors a person's calendars: what was never listed is listed completely, of the rest Google sends what
    /// changed, unless [`force_refresh`](SyncOptions::force_refresh) asks for everything.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when no account is known or named; [`ErrorKind::Storage`] when the store fails as
    /// a whole. What fails at Google is in the report.
    pub async fn full_sync(
        &self,
        user: &UserId,
        options: &SyncOptions,
        observer: &dyn SyncObserver,
    ) -> Result<SyncReport> {
        let mut report = SyncReport::default();
        for account in self.accounts(user, options).await? {
            self.sync_account(&account, options, observer, &mut report).await?;
        }
        report_unknown(options, &mut report, user, self.clock.now(), &self.store.calendars(user).await?);
        Ok(report)
    }

    /// Brings what changed in all of a person's selected calendars.
    ///
    /// # Errors
    /// As [`full_sync`](Self::full_sync).
    pub async fn incremental_sync(&self, user: &UserId) -> Result<SyncReport> {
        self.full_sync(user, &SyncOptions::default(), &Unobserved).await
    }

    /// Lets an account be synced from now on: the person connected it, for the first time or anew. Its calendar list is
    /// due at once, its calendars after that.
    ///
    /// # Errors
    /// The store's.
    pub async fn account_connected(&self, account: &AccountKey) -> Result<()> {
        let source = self.calendar_list(account);
        self.store.create_sync_state(&SyncState::new(source.resource(), source.fingerprint())).await?;
        self.account_reconnected(account).await
    }

    /// Lets an account that was paused be synced again: the person connected it anew.
    ///
    /// # Errors
    /// The store's.
    pub async fn account_reconnected(&self, account: &AccountKey) -> Result<()> {
        let is_paused = |standing: &Standing| matches!(standing, Standing::Paused { .. });
        self.set_standing(account, is_paused, &Standing::Ready).await
    }

    /// The calendar list of an account; false where the account cannot be read any further.
    pub(super) async fn sync_list(
        &self,
        account: &AccountKey,
        aim: Aim,
        observer: &dyn SyncObserver,
        report: &mut SyncReport,
    ) -> Result<bool> {
        let source = self.calendar_list(account);
        let resource = source.resource();
        let progress = SyncProgress {
            resource: resource.clone(),
            title: None,
            calendar: 0,
            calendars: 0,
            full: false,
            pages: 0,
            items: 0,
            counts: Default::default(),
            finished: false,
        };
        let run = self
            .run(&source, aim, |run, finished| observer.page_stored(&progressed(&progress, run, finished)));
        match self.failure_of(run.await, account).await? {
            Ended::Well(_) => Ok(true),
            Ended::Badly(_, failure) => {
                let goes_on = !stops_account(&failure);
                report.fail(resource, failure);
                Ok(goes_on)
            }
        }
    }

    /// One calendar, `place` of so many; false where its account cannot be read any further.
    pub(super) async fn sync_calendar(
        &self,
        calendar: &MirroredCalendar,
        place: (usize, usize),
        aim: Aim,
        observer: &dyn SyncObserver,
        report: &mut SyncReport,
    ) -> Result<bool> {
        let source = self.events(calendar);
        let resource = source.resource();
        let entry = &calendar.entry;
        let progress = SyncProgress {
            resource: resource.clone(),
            title: entry.summary_override.as_ref().or(entry.summary.as_ref()).cloned(),
            calendar: place.0,
            calendars: place.1,
            full: false,
            pages: 0,
            items: 0,
            counts: Default::default(),
            finished: false,
        };
        let run = self
            .run(&source, aim, |run, finished| observer.page_stored(&progressed(&progress, run, finished)));
        let (run, failure) = match self.failure_of(run.await, &calendar.key.account_key()).await? {
            Ended::Well(run) => (run, None),
            Ended::Badly(run, failure) => (run, Some(failure)),
        };
        if failure.is_none() && run.pages == 0 {
            return Ok(true);
        }
        report.add(CalendarReport {
            calendar: calendar.key.clone(),
            full: run.full,
            pages: run.pages,
            events: run.items,
            counts: run.counts,
            finished: failure.is_none(),
        });
        let goes_on = !failure.as_ref().is_some_and(stops_account);
        if let Some(failure) = failure {
            report.fail(resource, failure);
        }
        Ok(goes_on)
    }

    /// The selected calendars of an account, each with a sync state.
    pub(super) async fn selected(&self, account: &AccountKey) -> Result<Vec<MirroredCalendar>> {
        let mut calendars = self.store.calendars(&account.user).await?;
        calendars.retain(|calendar| calendar.key.account == account.account && calendar.settings.is_selected);
        let known: BTreeSet<SyncResource> =
            self.store.sync_states(&account.user).await?.into_iter().map(|state| state.resource).collect();
        for calendar in &calendars {
            let source = self.events(calendar);
            if known.contains(&source.resource()) {
                continue;
            }
            match self.store.create_sync_state(&SyncState::new(source.resource(), source.fingerprint())).await
            {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(calendars)
    }

    async fn sync_account(
        &self,
        account: &AccountKey,
        options: &SyncOptions,
        observer: &dyn SyncObserver,
        report: &mut SyncReport,
    ) -> Result<()> {
        let aim = if options.force_refresh { Aim::Refresh } else { Aim::Update };
        if options.force_refresh {
            self.account_reconnected(account).await?;
        }
        let list = self.calendar_list(account);
        self.store.create_sync_state(&SyncState::new(list.resource(), list.fingerprint())).await?;
        if !self.sync_list(account, aim, observer, report).await? {
            return Ok(());
        }
        let mut calendars = self.selected(account).await?;
        if let Some(wanted) = &options.calendar_ids {
            calendars.retain(|calendar| wanted.iter().any(|wanted| is_called(calendar, wanted)));
        }
        let count = calendars.len();
        for (index, calendar) in calendars.iter().enumerate() {
            if !self.sync_calendar(calendar, (index + 1, count), aim, observer, report).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The accounts named, or all that have a calendar list or a grant.
    async fn accounts(&self, user: &UserId, options: &SyncOptions) -> Result<Vec<AccountKey>> {
        if let Some(named) = &options.accounts {
            return Ok(named.iter().map(|account| AccountKey::new(user.clone(), account.clone())).collect());
        }
        let mut accounts = self.store.granted_accounts(user).await?;
        for state in self.store.sync_states(user).await? {
            if let SyncResource::CalendarList(account) = state.resource {
                accounts.push(account);
            }
        }
        accounts.sort();
        accounts.dedup();
        if accounts.is_empty() {
            let message = format!("user \"{user}\" has no Google account connected: connect one first");
            return Err(Error::new(ErrorKind::InvalidInput, message).with_operation("full_sync"));
        }
        Ok(accounts)
    }

    /// Tells what one resource's failure is, and pauses its account where only the person can mend it.
    async fn failure_of(&self, run: Result<Run>, account: &AccountKey) -> Result<Ended> {
        let (run, failure) = match run {
            Ok(Run { failure: None, .. }) => return run.map(Ended::Well),
            Ok(mut run) => {
                let Some(failure) = run.failure.take() else { return Ok(Ended::Well(run)) };
                (run, failure)
            }
            // Of this resource alone, as far as anybody knows: the others are tried.
            Err(error) => (Run::default(), SyncFailure::new(&error, self.clock.now())),
        };
        if stops_account(&failure) {
            let is_not = |standing: &Standing| !matches!(standing, Standing::Paused { .. });
            self.set_standing(account, is_not, &Standing::Paused { failure: failure.clone() }).await?;
        }
        Ok(Ended::Badly(run, failure))
    }

    /// Gives all resources of an account that stand as `which` says another standing. One that a worker is on is
    /// left to it: it will find out by itself.
    async fn set_standing(
        &self,
        account: &AccountKey,
        which: impl Fn(&Standing) -> bool + Send,
        standing: &Standing,
    ) -> Result<()> {
        for state in self.store.sync_states(&account.user).await? {
            if state.resource.account() != *account || !which(&state.standing) {
                continue;
            }
            let Ok(_running) = Running::begin(self, &state.resource) else { continue };
            let name = state.resource.lease_name();
            let Some(lease) = self.store.acquire(&name, &self.holder, self.settings.lease).await? else {
                continue;
            };
            // Read again under the lease: another worker may have moved it on.
            if let Some(state) = self.store.sync_state(&state.resource).await? {
                let state = SyncState { standing: standing.clone(), ..state };
                match self.store.save_sync_state(&state, &lease.fence).await {
                    // Disconnected, or taken off the list, in this very moment: nothing is left to stand anyhow.
                    Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::LeaseLost) => {}
                    saved => saved?,
                }
            }
            self.store.release(&lease).await?;
        }
        Ok(())
    }
}

enum Ended {
    Well(Run),
    Badly(Run, SyncFailure),
}

/// Whether nothing of the account can be read until the person mends it.
fn stops_account(failure: &SyncFailure) -> bool {
    failure.is(ErrorKind::GrantRevoked) || failure.is(ErrorKind::ScopeMissing)
}

fn is_called(calendar: &MirroredCalendar, wanted: &CalendarId) -> bool {
    calendar.key.calendar == *wanted || (wanted.as_str() == "primary" && calendar.entry.primary == Some(true))
}

/// A calendar asked for by name that is not there, or not selected, is a failure: nothing else would say so.
fn report_unknown(
    options: &SyncOptions,
    report: &mut SyncReport,
    user: &UserId,
    now: DateTime<Utc>,
    calendars: &[MirroredCalendar],
) {
    for wanted in options.calendar_ids.iter().flatten() {
        let found = calendars.iter().find(|calendar| is_called(calendar, wanted));
        let (kind, what) = match found {
            Some(calendar) if calendar.settings.is_selected => continue,
            Some(_) => (ErrorKind::InvalidInput, "is not selected to be synced: select it first"),
            None => (ErrorKind::NotFound, "is on none of the person's calendar lists: check its id"),
        };
        let error = Error::new(kind, format!("calendar \"{wanted}\" {what}"));
        let account =
            found.map_or_else(|| AccountKey::new(user.clone(), ""), |found| found.key.account_key());
        report.fail(SyncResource::Events(account.calendar(wanted.clone())), SyncFailure::new(&error, now));
    }
}

fn progressed(start: &SyncProgress, run: &Run, finished: bool) -> SyncProgress {
    SyncProgress {
        full: run.full,
        pages: run.pages,
        items: run.items,
        counts: run.counts,
        finished,
        ..start.clone()
    }
}
