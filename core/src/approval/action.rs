//! What may be asked for.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountKey, CalendarKey, EventId, EventKey, UserId},
    model::{EventDraft, EventPatch, ResponseStatus, SendUpdates},
};

/// Who asks or decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Principal {
    /// The person, signed in at the host.
    User(UserId),
    /// An agent that acts for them: it may ask, never decide.
    Agent {
        /// For whom.
        user: UserId,
        /// Its name.
        name: String,
    },
}

impl Principal {
    /// Whose calendars it concerns.
    pub fn user(&self) -> &UserId {
        match self {
            Self::User(user) | Self::Agent { user, .. } => user,
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user {user}"),
            Self::Agent { user, name } => write!(f, "agent {name} of {user}"),
        }
    }
}

/// How much of a series an action changes. A one-off is `All`.
///
/// | | update | delete | respond |
/// |---|---|---|---|
/// | `This` | one occurrence, which becomes an exception | one occurrence, cancelled | one occurrence |
/// | `ThisAndFollowing` | the series ends before the occurrence; a new one, changed, goes on from it | the series ends before the occurrence | each occurrence from there on, 50 at most |
/// | `All` | the whole series; times move all occurrences by as much as the one named | the whole series | the whole series |
///
/// What `ThisAndFollowing` splits must be the person's own: Google lets nobody else end a series. From the first
/// occurrence on it is `All`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecurrenceScope {
    /// The one occurrence the event id names.
    This,
    /// The occurrence the event id names, and all that come after it.
    ThisAndFollowing,
    /// The whole event or series, whichever of its occurrences the event id names.
    #[default]
    All,
}

/// A change to Google Calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes an event.
    Create {
        /// In which calendar.
        calendar: CalendarKey,
        /// What it is to be.
        draft: Box<EventDraft>,
    },
    /// Changes an event.
    Update {
        /// Which.
        event: EventKey,
        /// What is to change. Times are those of the occurrence the event id names; of a series' own id, those of its
        /// first.
        patch: Box<EventPatch>,
        /// How much of a series.
        scope: RecurrenceScope,
    },
    /// Deletes an event.
    Delete {
        /// Which.
        event: EventKey,
        /// How much of a series.
        scope: RecurrenceScope,
    },
    /// Answers an invitation.
    Respond {
        /// To which event.
        event: EventKey,
        /// The answer.
        response: ResponseStatus,
        /// Words with it.
        comment: Option<String>,
        /// How much of a series.
        scope: RecurrenceScope,
    },
}

impl Action {
    /// `create`, `update`, `delete` or `respond`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Update { .. } => "update",
            Self::Delete { .. } => "delete",
            Self::Respond { .. } => "respond",
        }
    }

    /// The calendar it changes.
    pub fn calendar(&self) -> CalendarKey {
        match self {
            Self::Create { calendar, .. } => calendar.clone(),
            Self::Update { event, .. } | Self::Delete { event, .. } | Self::Respond { event, .. } => {
                event.calendar_key()
            }
        }
    }

    /// The account it changes it through.
    pub fn account(&self) -> AccountKey {
        self.calendar().account_key()
    }

    /// How much of a series it changes; what is made is all of it.
    pub fn scope(&self) -> RecurrenceScope {
        match self {
            Self::Create { .. } => RecurrenceScope::All,
            Self::Update { scope, .. } | Self::Delete { scope, .. } | Self::Respond { scope, .. } => *scope,
        }
    }

    /// The event it changes, as asked; none where it makes one.
    pub fn event(&self) -> Option<&EventId> {
        match self {
            Self::Create { .. } => None,
            Self::Update { event, .. } | Self::Delete { event, .. } | Self::Respond { event, .. } => {
                Some(&event.event)
            }
        }
    }
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionRequest {
    /// The change.
    pub action: Action,
    /// Who is emailed about it.
    pub send_updates: SendUpdates,
    /// Why, in words for the person.
    pub reason: Option<String>,
    /// How long the person has to decide; the service's default where none.
    pub expires_in: Option<Duration>,
}

impl ActionRequest {
    /// Asks for `action`, emailing nobody.
    pub fn new(action: Action) -> Self {
        Self { action, send_updates: SendUpdates::None, reason: None, expires_in: None }
    }

    /// The same, emailing whom `send_updates` says.
    #[must_use]
    pub fn send_updates(mut self, send_updates: SendUpdates) -> Self {
        self.send_updates = send_updates;
        self
    }

    /// The same, with a reason for the person.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The same, to be decided within `expires_in`.
    #[must_use]
    pub fn expires_in(mut self, expires_in: Duration) -> Self {
        self.expires_in = Some(expires_in);
        self
    }
}
