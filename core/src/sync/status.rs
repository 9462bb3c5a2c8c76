//! How a person's mirror stands, summed over their calendars.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Standing, SyncPhase, SyncResource, SyncState};
use crate::{
    Result,
    id::{CalendarId, UserId},
    storage::{MirroredCalendar, Storage},
};

/// How a person's mirror stands, summed over their calendars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// In a word.
    pub status: SyncActivity,
    /// What is wrong, in one sentence, where something is.
    pub error: Option<String>,
    /// Events in the mirror, cancelled ones left out.
    pub event_count: u64,
    /// Calendars in the mirror.
    pub calendar_count: u64,
    /// When something was last synced.
    pub last_sync_at: Option<DateTime<Utc>>,
    /// Since when every selected calendar has been listed completely; none until all have.
    pub last_full_sync_at: Option<DateTime<Utc>>,
    /// When the oldest complete listing under way began.
    pub full_sync_started_at: Option<DateTime<Utc>>,
    /// How many of a hundred selected calendars have been listed completely and are in no complete listing now.
    pub full_sync_progress: u8,
    /// Selected calendars.
    pub sync_calendar_ids: Vec<CalendarId>,
    /// Calendars that are not selected.
    pub exclude_calendar_ids: Vec<CalendarId>,
}

/// What a person's sync is at, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncActivity {
    /// Nothing is under way, and nothing is wrong.
    Idle,
    /// A listing is under way.
    Syncing,
    /// Something failed, and is tried again by itself.
    Error,
    /// Something waits for the person.
    Paused,
}

impl SyncStatus {
    /// The status of `user`, from what is stored.
    pub async fn read(store: &dyn Storage, user: &UserId) -> Result<Self> {
        let calendars = store.calendars(user).await?;
        let states = store.sync_states(user).await?;
        let counts = store.event_counts(user).await?;

        let (selected, excluded): (Vec<_>, Vec<_>) =
            calendars.iter().partition(|calendar| calendar.settings.is_selected);
        let counted = |state: &&SyncState| match &state.resource {
            SyncResource::CalendarList(_) => true,
            SyncResource::Events(key) => selected.iter().any(|calendar| calendar.key == *key),
        };
        let states: Vec<&SyncState> = states.iter().filter(counted).collect();
        let (status, error) = activity(&states);
        let listed: Vec<Option<DateTime<Utc>>> =
            selected.iter().map(|calendar| listed_at(calendar, &states)).collect();
        let ids = |calendars: &[&MirroredCalendar]| {
            calendars.iter().map(|calendar| calendar.key.calendar.clone()).collect()
        };
        Ok(Self {
            status,
            error,
            event_count: counts.iter().map(|(_, count)| count).sum(),
            calendar_count: calendars.len() as u64,
            last_sync_at: states.iter().filter_map(|state| state.last_sync_at).max(),
            last_full_sync_at: listed
                .iter()
                .copied()
                .collect::<Option<Vec<_>>>()
                .and_then(|all| all.into_iter().min()),
            full_sync_started_at: states.iter().filter_map(|state| state.full_sync_started_at).min(),
            full_sync_progress: percent(&selected, &states),
            sync_calendar_ids: ids(&selected),
            exclude_calendar_ids: ids(&excluded),
        })
    }
}

/// The gravest first: what waits for the person, what failed, what runs.
fn activity(states: &[&SyncState]) -> (SyncActivity, Option<String>) {
    let mut failed = None;
    for state in states {
        match &state.standing {
            Standing::Paused { failure } => return (SyncActivity::Paused, Some(failure.message.clone())),
            Standing::Backoff { failure, .. } => failed = failed.or(Some(failure)),
            Standing::Ready => {}
        }
    }
    if let Some(failure) = failed {
        return (SyncActivity::Error, Some(failure.message.clone()));
    }
    let is_listing = |phase: &SyncPhase| match phase {
        SyncPhase::FullPaging { .. } | SyncPhase::DeltaPaging { .. } => true,
        SyncPhase::Empty | SyncPhase::Incremental { .. } => false,
    };
    match states.iter().any(|state| is_listing(&state.phase)) {
        true => (SyncActivity::Syncing, None),
        false => (SyncActivity::Idle, None),
    }
}

fn state_of<'a>(calendar: &MirroredCalendar, states: &[&'a SyncState]) -> Option<&'a SyncState> {
    let is_its =
        |state: &&&SyncState| matches!(&state.resource, SyncResource::Events(key) if *key == calendar.key);
    states.iter().find(is_its).copied()
}

fn listed_at(calendar: &MirroredCalendar, states: &[&SyncState]) -> Option<DateTime<Utc>> {
    state_of(calendar, states)?.last_full_sync_at
}

fn percent(selected: &[&MirroredCalendar], states: &[&SyncState]) -> u8 {
    let is_listed = |calendar: &&&MirroredCalendar| {
        state_of(calendar, states).is_some_and(|state| {
            let under_way = matches!(state.phase, SyncPhase::Empty | SyncPhase::FullPaging { .. });
            state.last_full_sync_at.is_some() && !under_way
        })
    };
    let listed = selected.iter().filter(is_listed).count();
    let percent = (listed * 100).checked_div(selected.len()).unwrap_or(0);
    u8::try_from(percent).unwrap_or(100)
}
