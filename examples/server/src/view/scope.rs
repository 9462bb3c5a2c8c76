//! How much of a series.

use serde::{Deserialize, Serialize};
use theo_calendar::approval::RecurrenceScope;
use utoipa::ToSchema;

/// How much of a series a change is to.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Scope {
    /// The one occurrence that is named.
    This,
    /// The occurrence that is named, and all that come after it.
    ThisAndFollowing,
    /// All of it.
    #[default]
    All,
}

impl From<RecurrenceScope> for Scope {
    fn from(scope: RecurrenceScope) -> Self {
        match scope {
            RecurrenceScope::This => Self::This,
            RecurrenceScope::ThisAndFollowing => Self::ThisAndFollowing,
            RecurrenceScope::All => Self::All,
        }
    }
}

impl From<Scope> for RecurrenceScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::This => Self::This,
            Scope::ThisAndFollowing => Self::ThisAndFollowing,
            Scope::All => Self::All,
        }
    }
}
