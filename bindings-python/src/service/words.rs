//! Words of the service: enumerations of the core that are no words of Google's, as `StrEnum`s.

use pyo3::{prelude::*, sync::PyOnceLock};
use theo_calendar::{
    approval::{ApprovalState, RecurrenceScope},
    conflict::slots::{Overlook, SlotReason, SlotStanding},
    search::{SearchField, SearchMode},
    sync::SyncActivity,
};

use crate::{
    error::wrong_argument,
    value::ToPython,
    words::{Words, new_class},
};

/// The words of an enumeration, which arguments may name.
pub(crate) trait Known: Sized + Copy + PartialEq + 'static {
    const KNOWN: &'static [(Self, &'static str)];

    /// The one that `argument` names.
    ///
    /// # Errors
    /// `InvalidInputError`, naming the argument and every word that it may be.
    fn argument(word: &str, argument: &str) -> PyResult<Self> {
        let found = Self::KNOWN.iter().find(|(_, known)| *known == word);
        found.map(|(value, _)| *value).ok_or_else(|| {
            let known: Vec<String> = Self::KNOWN.iter().map(|(_, known)| format!("{known:?}")).collect();
            wrong_argument(argument, format_args!("cannot be {word:?}: it is one of {}", known.join(", ")))
        })
    }
}

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident { $($variant:ident = $word:literal,)* })*) => {
        $(impl Known for $name {
            const KNOWN: &'static [(Self, &'static str)] = &[$((Self::$variant, $word),)*];
        }

        impl Words for $name {
            fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
                static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                let make = || new_class(py, stringify!($name), &[$($doc),+], &[$($word),*]);
                Ok(CLASS.get_or_try_init(py, make)?.bind(py))
            }

            fn word(&self) -> &str {
                // What a later core may add has no word here yet.
                Self::KNOWN.iter().find(|(known, _)| known == self).map_or("unknown", |(_, word)| word)
            }
        }

        impl ToPython for $name {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Words::to_python(self, py)
            }
        })*

        /// Adds every class to the module.
        pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
            $(module.add(stringify!($name), $name::class(module.py())?)?;)*
            Ok(())
        }
    };
}

words! {
    /// Where an approval stands.
    ///
    /// `pending` waits for the person, `approved` to be executed; `executing` may have reached Google, and `unknown` must be
    /// read back there. At an end are `executed` (done, once), `failed`, `rejected`, `expired`, and `stale`: the event
    /// changed since it was asked.
    ApprovalState {
        Pending = "pending",
        Approved = "approved",
        Executing = "executing",
        Executed = "executed",
        Failed = "failed",
        Unknown = "unknown",
        Rejected = "rejected",
        Expired = "expired",
        Stale = "stale",
    }
    /// What in people's time may be overlooked, by how bad a conflict with it would be.
    Overlook {
        Nothing = "nothing",
        Low = "low",
        Medium = "medium",
    }
    /// How much of a series: the one occurrence that the event's id names, that and all after it, or the whole.
    RecurrenceScope {
        This = "this",
        ThisAndFollowing = "this_and_following",
        All = "all",
    }
    /// Where in an event a word stands; `people` are its organizer and its guests.
    SearchField {
        Description = "description",
        People = "people",
        Place = "place",
        Title = "title",
    }
    /// By what is searched: by words, by meaning, or by both, which does without meaning where that cannot be had.
    SearchMode {
        Hybrid = "hybrid",
        Text = "text",
        Meaning = "meaning",
    }
    /// Why a slot stands where it does.
    ///
    /// - `everyone_free`: nobody has anything there; `required_free`: nobody who must come has.
    /// - `overlooks`: somebody who must come has something that is overlooked; `not_known`: of one nobody knows.
    /// - `inside_hours`: it is in the working hours of all who have some.
    /// - `leaves_no_fragment`: who must come is left no gap too short for another such meeting; `leaves_fragment`: one is.
    SlotReason {
        EveryoneFree = "everyone_free",
        RequiredFree = "required_free",
        Overlooks = "overlooks",
        NotKnown = "not_known",
        InsideHours = "inside_hours",
        LeavesNoFragment = "leaves_no_fragment",
        LeavesFragment = "leaves_fragment",
    }
    /// What a slot is to one who takes part.
    SlotStanding {
        Free = "free",
        OverlookedLow = "overlooked_low",
        OverlookedMedium = "overlooked_medium",
        Unknown = "unknown",
        OutsideHours = "outside_hours",
        Busy = "busy",
    }
    /// What a person's sync is at: `error` is tried again by itself, `paused` waits for the person.
    SyncActivity {
        Idle = "idle",
        Syncing = "syncing",
        Error = "error",
        Paused = "paused",
    }
}

macro_rules! words_of_google {
    ($($name:ident,)*) => {$(
        impl ToPython for theo_calendar::model::$name {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Words::to_python(self, py)
            }
        }
    )*};
}

words_of_google! { AccessRole, ResponseStatus, SendUpdates, }
