//! What a change is asked for with.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Map;
use theo_calendar::{
    approval::{Action, ActionRequest, Principal},
    id::EventKey,
    model::{EventDraft, EventPatch, ResponseStatus, SendUpdates},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    identity::Identity,
    problem::{Answer, Problem},
    read::{Body, number},
    view::{EventFields, Scope},
};

/// How a change is asked for: beside what it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Asking {
    /// How much of a series; all of it where it is not said.
    scope: Scope,
    /// Who is emailed about it; nobody where it is not said.
    send_updates: Updates,
    /// Why, in words for the person.
    reason: Option<String>,
    /// How long the person has to decide: 1 second to 30 days.
    #[schema(minimum = 1, maximum = 2_592_000)]
    expires_in_seconds: Option<u64>,
    /// The agent that asks in the person's name, where one does: it may ask, and only the person decides.
    agent: Option<String>,
}

/// Who is emailed.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Updates {
    /// Every guest.
    All,
    /// Guests outside Google Calendar.
    ExternalOnly,
    /// Nobody.
    #[default]
    None,
}

const NAMES: [&str; 5] = ["scope", "sendUpdates", "reason", "expiresInSeconds", "agent"];

/// What may be asked of a deletion.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[derive(Default)]
pub(crate) struct DeleteQuery {
    /// How much of a series; all of it where it is not said.
    #[param(inline, required = false)]
    scope: Scope,
    /// Who is emailed about it; nobody where it is not said.
    #[param(inline, required = false)]
    send_updates: Updates,
    /// Why, in words for the person.
    reason: Option<String>,
    /// How long the person has to decide: 1 second to 30 days.
    #[serde(deserialize_with = "number")]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 2_592_000)]
    expires_in_seconds: Option<u64>,
    /// The agent that asks in the person's name, where one does.
    agent: Option<String>,
}

/// A new event: its fields, and how it is asked for.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "it says in the document what is read bit by bit")]
pub(super) struct CreateBody {
    /// The `id` of the calendar it is to be in; or Google's own, or `primary`, where one account alone has it.
    calendar_id: String,
    #[schema(inline)]
    #[serde(flatten)]
    asking: Asking,
    #[serde(flatten)]
    fields: EventFields,
}

/// A change of an event: the fields it sets, and how it is asked for.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "as above")]
pub(super) struct UpdateBody {
    /// Google's names of fields to clear.
    clear: Option<BTreeSet<String>>,
    /// Addresses of guests to take off.
    remove_attendees: Option<BTreeSet<String>>,
    /// An answer to an invitation: `accepted`, `declined` or `tentative`. Then no field may be set.
    response: Option<String>,
    /// Words with the answer.
    comment: Option<String>,
    #[serde(flatten)]
    asking: Asking,
    #[serde(flatten)]
    fields: EventFields,
}

impl Asking {
    /// Takes it out of a body, which keeps what is asked for.
    pub(super) fn take(body: &mut Body) -> Answer<Self> {
        let asking: Self = body.take(&NAMES).read()?;
        let day = 24 * 60 * 60;
        match asking.expires_in_seconds {
            Some(seconds) if !(1..=30 * day).contains(&seconds) => {
                Err(Problem::of_field("expiresInSeconds", "must be from 1 second to 30 days"))
            }
            _ => Ok(asking),
        }
    }

    pub(super) fn scope(&self) -> theo_calendar::approval::RecurrenceScope {
        self.scope.into()
    }

    pub(super) fn principal(&self, who: &Identity) -> Principal {
        match &self.agent {
            Some(name) => Principal::Agent { user: who.user.clone(), name: name.clone() },
            None => who.principal(),
        }
    }

    pub(super) fn request(&self, mut action: Action) -> ActionRequest {
        if let Action::Update { scope, .. } | Action::Respond { scope, .. } = &mut action {
            *scope = self.scope();
        }
        let send_updates = match self.send_updates {
            Updates::All => SendUpdates::All,
            Updates::ExternalOnly => SendUpdates::ExternalOnly,
            Updates::None => SendUpdates::None,
        };
        let mut request = ActionRequest::new(action).send_updates(send_updates);
        request.reason = self.reason.clone();
        request.expires_in = self.expires_in_seconds.map(Duration::from_secs);
        request
    }
}

impl From<DeleteQuery> for Asking {
    fn from(query: DeleteQuery) -> Self {
        let DeleteQuery { scope, send_updates, reason, expires_in_seconds, agent } = query;
        Self { scope, send_updates, reason, expires_in_seconds, agent }
    }
}

/// What `body` says of `name`, which it then says no more.
pub(crate) fn taken<T: DeserializeOwned>(body: &mut Body, name: &str) -> Answer<Option<T>> {
    let mut only: Map<_, _> = body.take(&[name]).0;
    let Some(value) = only.remove(name) else { return Ok(None) };
    serde_path_to_error::deserialize(value)
        .map_err(|error| Problem::of_field(name, error.inner().to_string()))
}

/// The fields of an event that are all of `body`.
pub(crate) fn fields(body: Body) -> Answer<EventDraft> {
    let draft: EventDraft = body.read()?;
    let unknown = draft.unknown.iter().next().map(|(name, _)| name.to_owned());
    match unknown {
        Some(name) => Err(Problem::of_field(name, "there is no such field of an event that can be written")),
        None => Ok(draft),
    }
}

/// What `body` asks of `event`.
pub(super) fn change(mut body: Body, event: EventKey) -> Answer<Action> {
    let scope = Default::default();
    if let Some(response) = taken::<String>(&mut body, "response")? {
        if !["accepted", "declined", "tentative"].contains(&response.as_str()) {
            return Err(Problem::of_field("response", "must be accepted, declined or tentative"));
        }
        let comment = taken(&mut body, "comment")?;
        if let Some(name) = body.0.keys().next() {
            return Err(Problem::of_field(
                name,
                "cannot be changed along with an answer: ask for each by itself",
            ));
        }
        return Ok(Action::Respond { event, response: ResponseStatus::from(&*response), comment, scope });
    }
    let clear = taken(&mut body, "clear")?.unwrap_or_default();
    let remove_attendees = taken(&mut body, "removeAttendees")?.unwrap_or_default();
    let patch = EventPatch { set: fields(body)?, clear, remove_attendees };
    if patch.is_empty() {
        return Err(Problem::of_field("body", "changes nothing: name what to set, clear or take off"));
    }
    Ok(Action::Update { event, patch: Box::new(patch), scope })
}
