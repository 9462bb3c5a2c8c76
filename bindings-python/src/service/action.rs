//! Who asks, and for what.

use pyo3::prelude::*;
use serde::{Deserialize, Serialize};
use theo_calendar::{
    approval::{self, ActionRequest, RecurrenceScope},
    id::{self, UserId},
    model::{EventDraft, EventPatch, ResponseStatus, SendUpdates},
};

use super::words::Known;
use crate::{
    error::wrong_argument,
    json::{self, Json},
    key::{CalendarKey, EventKey},
    value::{ToPython, values},
};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct UserParts {
    id: UserId,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AgentParts {
    name: String,
    user: UserId,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CreateParts {
    calendar: id::CalendarKey,
    draft: Box<EventDraft>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct UpdateParts {
    event: id::EventKey,
    patch: Box<EventPatch>,
    scope: RecurrenceScope,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeleteParts {
    event: id::EventKey,
    scope: RecurrenceScope,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RespondParts {
    event: id::EventKey,
    response: ResponseStatus,
    comment: Option<String>,
    scope: RecurrenceScope,
}

values! {
    /// The person, signed in at the host: they may ask and decide.
    ///
    /// >>> User("ada")
    /// User(id='ada')
    json User(UserParts) {
        /// The host's own name of them.
        id,
    } with {
        #[new]
        fn new(id: &str) -> Self {
            Self(UserParts { id: id.into() })
        }
    }

    /// An agent that acts for a person: it may ask, never decide.
    ///
    /// >>> Agent("theo", user="ada")
    /// Agent(name='theo', user='ada')
    json Agent(AgentParts) {
        /// Its name.
        name,
        /// For whom it acts: the host's own name of them.
        user,
    } with {
        #[new]
        fn new(name: String, user: &str) -> Self {
            Self(AgentParts { name, user: user.into() })
        }
    }

    /// Makes an event.
    ///
    /// `event` is in Google's form, a dict, text or bytes; its times may be a `date`, or a `datetime` with its zone.
    ///
    /// Raises `InvalidInputError` where it cannot be read.
    ///
    /// >>> from datetime import date
    /// >>> calendar = CalendarKey("ada", "ada@example.com", "primary")
    /// >>> Create(calendar, {"summary": "Off", "start": date(2025, 4, 1), "end": date(2025, 4, 2)}).event["start"]
    /// {'date': '2025-04-01'}
    json Create(CreateParts) {
        /// In which calendar.
        calendar,
        /// What it is to be, as Google's JSON.
        event = |it| Google(&*it.draft),
    } with {
        #[new]
        fn new(calendar: CalendarKey, event: &Bound<'_, PyAny>) -> PyResult<Self> {
            let draft = Json::of(event, "event")?.read("event")?;
            Ok(Self(CreateParts { calendar: calendar.0, draft }))
        }
    }

    /// Changes an event.
    ///
    /// `changes` holds the fields of Google's that get a new value, and `None` for those to be cleared. Guests in it are
    /// merged by address with those there are; `remove_attendees` are the addresses of those to take off. Times are those
    /// of the occurrence that the event's id names; of a series' own id, those of its first.
    ///
    /// `scope` is how much of a series: `this`, `this_and_following` or `all`.
    ///
    /// Raises `InvalidInputError` where the changes cannot be read, or the scope is none of these.
    ///
    /// >>> standup = EventKey("ada", "ada@example.com", "primary", "standup_20250401T070000Z")
    /// >>> moved = Update(standup, {"start": {"dateTime": "2025-04-01T10:00:00+02:00"}, "location": None}, scope="this")
    /// >>> moved.changes["location"] is None, moved.scope
    /// (True, <RecurrenceScope.THIS: 'this'>)
    json Update(UpdateParts) {
        /// Which.
        event,
        /// Fields that get a new value, as Google's JSON; `None` for those that are cleared.
        changes = |it| Changes(&it.patch),
        /// Addresses of guests that are taken off.
        remove_attendees = |it| it.patch.remove_attendees,
        /// How much of a series.
        scope,
    } with {
        #[new]
        #[pyo3(signature = (event, changes, *, scope = "all", remove_attendees = None))]
        fn new(
            event: EventKey,
            changes: &Bound<'_, PyAny>,
            scope: &str,
            remove_attendees: Option<Vec<String>>,
        ) -> PyResult<Self> {
            let mut patch = patch(&Json::of(changes, "changes")?)?;
            patch.remove_attendees = remove_attendees.into_iter().flatten().collect();
            let scope = RecurrenceScope::argument(scope, "scope")?;
            Ok(Self(UpdateParts { event: event.0, patch: Box::new(patch), scope }))
        }
    }

    /// Deletes an event, or as much of a series as `scope` says: `this`, `this_and_following` or `all`.
    ///
    /// Raises `InvalidInputError` where the scope is none of these.
    ///
    /// >>> Delete(EventKey("ada", "ada@example.com", "primary", "standup")).scope
    /// <RecurrenceScope.ALL: 'all'>
    json Delete(DeleteParts) {
        /// Which.
        event,
        /// How much of a series.
        scope,
    } with {
        #[new]
        #[pyo3(signature = (event, *, scope = "all"))]
        fn new(event: EventKey, scope: &str) -> PyResult<Self> {
            Ok(Self(DeleteParts { event: event.0, scope: RecurrenceScope::argument(scope, "scope")? }))
        }
    }

    /// Answers an invitation: `accepted`, `declined`, `tentative` or `needsAction`, with words where there are some.
    ///
    /// Raises `InvalidInputError` where the answer is none of these, or the scope is none.
    ///
    /// >>> Respond(EventKey("ada", "ada@example.com", "primary", "party"), "accepted", comment="With pleasure").response
    /// <ResponseStatus.ACCEPTED: 'accepted'>
    json Respond(RespondParts) {
        /// To which event.
        event,
        /// The answer.
        response,
        /// Words with it.
        comment,
        /// How much of a series.
        scope,
    } with {
        #[new]
        #[pyo3(signature = (event, response, *, comment = None, scope = "all"))]
        fn new(event: EventKey, response: &str, comment: Option<String>, scope: &str) -> PyResult<Self> {
            let response = match response.into() {
                ResponseStatus::Other(_) => {
                    let why = format_args!("cannot be {response:?}: it is one of {:?}", ResponseStatus::WORDS);
                    return Err(wrong_argument("response", why));
                }
                known => known,
            };
            let scope = RecurrenceScope::argument(scope, "scope")?;
            Ok(Self(RespondParts { event: event.0, response, comment, scope }))
        }
    }
}

/// Who asks or decides.
#[derive(FromPyObject)]
pub(crate) enum Principal {
    #[pyo3(transparent)]
    User(User),
    #[pyo3(transparent)]
    Agent(Agent),
}

impl From<Principal> for approval::Principal {
    fn from(principal: Principal) -> Self {
        match principal {
            Principal::User(User(UserParts { id })) => Self::User(id),
            Principal::Agent(Agent(AgentParts { name, user })) => Self::Agent { user, name },
        }
    }
}

impl ToPython for approval::Principal {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.clone() {
            Self::User(id) => UserParts { id }.to_python(py),
            Self::Agent { user, name } => AgentParts { name, user }.to_python(py),
        }
    }
}

/// What may be asked for.
#[derive(FromPyObject)]
pub(crate) enum Action {
    #[pyo3(transparent)]
    Create(Create),
    #[pyo3(transparent)]
    Update(Update),
    #[pyo3(transparent)]
    Delete(Delete),
    #[pyo3(transparent)]
    Respond(Respond),
}

impl From<Action> for approval::Action {
    fn from(action: Action) -> Self {
        match action {
            Action::Create(Create(CreateParts { calendar, draft })) => Self::Create { calendar, draft },
            Action::Update(Update(UpdateParts { event, patch, scope })) => {
                Self::Update { event, patch, scope }
            }
            Action::Delete(Delete(DeleteParts { event, scope })) => Self::Delete { event, scope },
            Action::Respond(Respond(RespondParts { event, response, comment, scope })) => {
                Self::Respond { event, response, comment, scope }
            }
        }
    }
}

impl ToPython for approval::Action {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.clone() {
            Self::Create { calendar, draft } => CreateParts { calendar, draft }.to_python(py),
            Self::Update { event, patch, scope } => UpdateParts { event, patch, scope }.to_python(py),
            Self::Delete { event, scope } => DeleteParts { event, scope }.to_python(py),
            Self::Respond { event, response, comment, scope } => {
                RespondParts { event, response, comment, scope }.to_python(py)
            }
        }
    }
}

/// What somebody asks for, as `_decisions.Request` has it.
#[derive(FromPyObject)]
pub(crate) struct Request {
    action: Action,
    send_updates: String,
    reason: Option<String>,
    expires_in: Option<std::time::Duration>,
}

impl Request {
    pub(crate) fn into_core(self) -> PyResult<ActionRequest> {
        let send_updates = match self.send_updates.as_str().into() {
            SendUpdates::Other(word) => {
                let why = format_args!("cannot be {word:?}: it is one of {:?}", SendUpdates::WORDS);
                return Err(wrong_argument("send_updates", why));
            }
            known => known,
        };
        let (action, reason, expires_in) = (self.action.into(), self.reason, self.expires_in);
        Ok(ActionRequest { action, send_updates, reason, expires_in })
    }
}

/// What a person says, as the classes of `_decisions` have it.
#[derive(FromPyObject)]
pub(crate) struct Decision {
    verb: String,
    request: Option<Request>,
    notes: Option<String>,
}

impl Decision {
    pub(crate) fn into_core(self) -> PyResult<approval::Decision> {
        let notes = self.notes;
        Ok(match (self.verb.as_str(), self.request) {
            ("approve", None) => approval::Decision::Approve { notes },
            ("reject", None) => approval::Decision::Reject { notes },
            ("edit_and_approve", Some(request)) => {
                approval::Decision::EditAndApprove { request: Box::new(request.into_core()?), notes }
            }
            (verb, _) => return Err(wrong_argument("decision", format_args!("cannot be {verb:?}"))),
        })
    }
}

/// An object of Google's, as dicts and lists.
struct Google<'a, T>(&'a T);

impl<T: Serialize> ToPython for Google<'_, T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, self.0)
    }
}

struct Changes<'a>(&'a EventPatch);

impl ToPython for Changes<'_> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let changes = json::to_python(py, &self.0.set)?;
        for cleared in &self.0.clear {
            changes.set_item(cleared, py.None())?;
        }
        Ok(changes)
    }
}

fn patch(changes: &Json) -> PyResult<EventPatch> {
    let fields: serde_json::Map<String, serde_json::Value> = changes.read("changes")?;
    let clear = fields.iter().filter(|(_, value)| value.is_null()).map(|(field, _)| field.clone()).collect();
    // Read as it came: what is null in it is not set.
    Ok(EventPatch { set: changes.read("changes")?, clear, ..EventPatch::default() })
}
