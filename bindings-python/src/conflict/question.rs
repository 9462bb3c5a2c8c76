//! What is asked about.

use pyo3::{exceptions::PyTypeError, prelude::*};
use theo_calendar::{
    conflict::{ConflictPolicy, Proposal},
    model::{Event, EventDraft},
    recurrence::{Tzdb, Zone},
};

use crate::{
    error::{wrong_argument, wrong_type},
    json::Json,
    time::{pair_argument, range_argument},
    work::guarded,
};

/// A stretch of time or an event to be, and what counts.
pub(crate) struct Question {
    pub(crate) proposal: Proposal,
    pub(crate) policy: ConflictPolicy,
}

impl Question {
    /// What the arguments ask, in a calendar of `zone`.
    ///
    /// # Errors
    /// `InvalidInputError` for what cannot be read; `TypeError` for a wrong type, and where neither or both of a time
    /// and a draft are given. Each names the argument.
    pub(crate) fn of(
        start: Option<&Bound<'_, PyAny>>,
        end: Option<&Bound<'_, PyAny>>,
        draft: Option<&Bound<'_, PyAny>>,
        horizon: Option<&Bound<'_, PyAny>>,
        zone: &Zone,
        policy: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let wrong = |message| Err(PyTypeError::new_err(message));
        let proposal = match (draft, start, end) {
            (None, Some(start), Some(end)) => range_argument(start, end, zone)?.into(),
            (Some(draft), None, None) => proposal(draft, zone)?,
            (None, None, _) => return wrong("start: is missing: give start and end, or draft"),
            (None, _, None) => return wrong("end: is missing: give start and end, or draft"),
            (Some(_), ..) => return wrong("draft: has times of its own: give no start and end beside it"),
        };
        let proposal = match horizon {
            None => proposal,
            Some(_) if draft.is_none() => {
                return wrong("horizon: is of a draft that recurs: there is no draft");
            }
            Some(horizon) => proposal.within(pair_argument(horizon, "horizon", zone)?),
        };
        let policy = match policy {
            None => ConflictPolicy::default(),
            Some(value) => {
                let policy = value.cast::<super::ConflictPolicy>();
                policy.map_err(|_| wrong_type("policy", "a ConflictPolicy", value))?.get().0.clone()
            }
        };
        Ok(Self { proposal, policy })
    }
}

/// `draft` as it would be; one with an id is there already.
fn proposal(draft: &Bound<'_, PyAny>, zone: &Zone) -> PyResult<Proposal> {
    let json = Json::of(draft, "draft")?;
    let draft: EventDraft = json.read("draft")?;
    let there: Option<Event> = match draft.unknown.field("id") {
        None | Some("null") => None,
        Some(_) => Some(json.read("draft")?),
    };
    let proposal = guarded(|| Proposal::of_edited(&draft, there.as_ref(), zone, &Tzdb))?;
    proposal.map_err(|error| wrong_argument("draft", error))
}
