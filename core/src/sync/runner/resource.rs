//! One resource, from its lease to the end of its listing.

use std::sync::PoisonError;

use chrono::{DateTime, Utc};

use super::SyncRunner;
use crate::{
    Error, ErrorKind, Result,
    storage::{CommitCounts, Lease},
    sync::{Recovery, Step, SyncFailure, SyncMachine, SyncResource, SyncState, source::Source},
};

/// What a run over one resource is for.
#[derive(Clone, Copy)]
pub(super) enum Aim {
    /// To list it completely, whatever is known.
    Refresh,
    /// To bring it up to date.
    Update,
    /// To bring it up to date where it is still due once it is held: another worker may have been faster.
    Due { stale_before: DateTime<Utc> },
}

/// What a run over one resource did, and how it ended.
#[derive(Default)]
pub(super) struct Run {
    pub(super) full: bool,
    pub(super) pages: u32,
    pub(super) items: u64,
    pub(super) counts: CommitCounts,
    pub(super) failure: Option<SyncFailure>,
}

impl SyncRunner {
    /// Brings the resource up to date, telling `observe` of each page stored.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] when somebody is on it; [`ErrorKind::LeaseLost`] when somebody took over;
    /// [`ErrorKind::NotFound`] when its calendar left the mirror; the store's own. What fails at Google is no error
    /// here, but the run's [`failure`](Run::failure).
    pub(super) async fn run<S: Source>(
        &self,
        source: &S,
        aim: Aim,
        observe: impl Fn(&Run, bool) + Send,
    ) -> Result<Run> {
        let resource = source.resource();
        let _running = Running::begin(self, &resource)?;
        let name = resource.lease_name();
        let lease = self.store.acquire(&name, &self.holder, self.settings.lease).await?;
        let lease = lease.ok_or_else(|| busy(&resource))?;
        let run = self.listing(source, &lease, aim, observe).await;
        // A lease that cannot be given back runs out by itself.
        if let Err(error) = self.store.release(&lease).await {
            tracing::warn!(lease = name, error = %error, "a lease was not released");
        }
        run
    }

    async fn listing<S: Source>(
        &self,
        source: &S,
        lease: &Lease,
        aim: Aim,
        observe: impl Fn(&Run, bool) + Send,
    ) -> Result<Run> {
        let client = self.client.for_account(&source.resource().account());
        let mut machine = self.machine(source).await?;
        let mut run = Run::default();
        match aim {
            Aim::Refresh => {
                machine = machine.refreshed();
                self.store.save_sync_state(machine.state(), &lease.fence).await?;
            }
            Aim::Due { stale_before } if !machine.state().is_due(self.clock.now(), stale_before) => {
                return Ok(run);
            }
            Aim::Due { .. } | Aim::Update => {}
        }
        let mut passes = 0;
        let mut held_since = self.clock.now();
        loop {
            let fetch = match machine.next(self.clock.now()) {
                Step::Fetch(fetch) => fetch,
                Step::Done => {
                    passes += 1;
                    let dirty = self.state(source).await?.dirty;
                    if passes < self.settings.passes && machine.goes_again(dirty) {
                        continue;
                    }
                    return Ok(run);
                }
                Step::Wait { .. } | Step::Paused { .. } => {
                    run.failure = machine.failure().cloned();
                    return Ok(run);
                }
            };
            let held = (self.clock.now() - held_since).to_std().unwrap_or_default();
            if held * 3 > self.settings.lease {
                self.store.renew(lease, self.settings.lease).await?;
                held_since = self.clock.now();
            }
            let is_full = fetch.is_full();
            let fetched = source.fetch(&client, &fetch).await;
            let now = self.clock.now();
            let applied = fetched.and_then(|(page, tokens)| Ok((page, machine.apply(tokens, now)?)));
            match applied {
                Ok((page, commit)) => {
                    run.items += source.items(&page);
                    let counts = match source.commit(page, commit, &lease.fence, &*self.store).await {
                        Ok(counts) => counts,
                        Err(error) => return Err(self.not_stored(source, lease, error).await),
                    };
                    run.counts += counts;
                    run.pages += 1;
                    run.full |= is_full;
                    observe(&run, machine.is_finished());
                }
                Err(error) => match machine.fail(&error, now) {
                    Recovery::Restarted => {
                        tracing::info!(resource = ?source.resource(), error = %error, "the listing starts over");
                        self.store.save_sync_state(machine.state(), &lease.fence).await?;
                    }
                    Recovery::Stopped => {
                        self.store.save_sync_state(machine.state(), &lease.fence).await?;
                        run.failure = machine.failure().cloned();
                        return Ok(run);
                    }
                    Recovery::Abandoned => return Err(error),
                },
            }
        }
    }

    /// A machine that goes on from what is stored.
    async fn machine<S: Source>(&self, source: &S) -> Result<SyncMachine> {
        let state = self.state(source).await?;
        Ok(SyncMachine::new(state, source.fingerprint()).max_pages(self.settings.max_pages))
    }

    async fn state<S: Source>(&self, source: &S) -> Result<SyncState> {
        let resource = source.resource();
        let stored = self.store.sync_state(&resource).await?;
        stored.ok_or_else(|| {
            let message =
                "the calendar left the mirror while it was synced: it is no longer on the person's list";
            Error::new(ErrorKind::NotFound, message)
        })
    }

    /// A page could not be stored, or nobody knows: what is stored counts, and another try comes later.
    async fn not_stored<S: Source>(&self, source: &S, lease: &Lease, error: Error) -> Error {
        if matches!(error.kind(), ErrorKind::LeaseLost | ErrorKind::NotFound) {
            return error;
        }
        if let Ok(mut machine) = self.machine(source).await
            && machine.fail(&error, self.clock.now()) == Recovery::Stopped
            && let Err(second) = self.store.save_sync_state(machine.state(), &lease.fence).await
        {
            tracing::warn!(error = %second, "a failure could not be recorded");
        }
        error
    }
}

/// A mark that this runner is on a resource; gone when the run ends or is dropped.
pub(super) struct Running<'a> {
    runner: &'a SyncRunner,
    resource: SyncResource,
}

impl<'a> Running<'a> {
    pub(super) fn begin(runner: &'a SyncRunner, resource: &SyncResource) -> Result<Self> {
        let mut running = runner.running.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(resource.clone()) {
            return Err(busy(resource));
        }
        Ok(Self { runner, resource: resource.clone() })
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.runner.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.resource);
    }
}

fn busy(resource: &SyncResource) -> Error {
    let what = match resource {
        SyncResource::CalendarList(account) => format!("the calendar list of \"{}\"", account.account),
        SyncResource::Events(calendar) => format!("calendar \"{}\"", calendar.calendar),
    };
    Error::new(ErrorKind::Busy, format!("{what} is being synced by another worker just now"))
}
