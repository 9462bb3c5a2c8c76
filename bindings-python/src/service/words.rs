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
    ($($name:ident { $($variant:ident = $word:literal,)* })*) => {
        $(impl Known for $name {
            const KNOWN: &'static [(Self, &'static str)] = &[$((Self::$variant, $word),)*];
        }

        impl Words for $name {
            fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
                static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                let class = CLASS.get_or_try_init(py, || new_class(py, stringify!($name), &[$($word),*]))?;
                Ok(class.bind(py))
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
    Overlook {
        Nothing = "nothing",
        Low = "low",
        Medium = "medium",
    }
    RecurrenceScope {
        This = "this",
        ThisAndFollowing = "this_and_following",
        All = "all",
    }
    SearchField {
        Description = "description",
        People = "people",
        Place = "place",
        Title = "title",
    }
    SearchMode {
        Hybrid = "hybrid",
        Text = "text",
        Meaning = "meaning",
    }
    SlotReason {
        EveryoneFree = "everyone_free",
        RequiredFree = "required_free",
        Overlooks = "overlooks",
        NotKnown = "not_known",
        InsideHours = "inside_hours",
        LeavesNoFragment = "leaves_no_fragment",
        LeavesFragment = "leaves_fragment",
    }
    SlotStanding {
        Free = "free",
        OverlookedLow = "overlooked_low",
        OverlookedMedium = "overlooked_medium",
        Unknown = "unknown",
        OutsideHours = "outside_hours",
        Busy = "busy",
    }
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
