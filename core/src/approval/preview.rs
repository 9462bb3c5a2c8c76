//! What the person sees before they decide.

use serde::{Deserialize, Serialize};

use crate::conflict::Conflict;

/// What a change would do, in words and in parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// One sentence: `Move "Standup" from Monday 9:00 to Monday 10:00`.
    pub summary: String,
    /// The calendar's title.
    pub calendar: String,
    /// The zone its times are shown in.
    pub time_zone: String,
    /// Field by field.
    pub changes: Vec<FieldChange>,
    /// The occurrences of a series it touches, in local time; one line for a one-off.
    pub occurrences: Vec<String>,
    /// Who gets an email.
    pub emails: Emails,
    /// Conflicts that are there only after it.
    pub conflicts_caused: Vec<Conflict>,
    /// Conflicts that are there only before it.
    pub conflicts_solved: Vec<Conflict>,
}

/// One field, before and after, as a person reads it: times in local time with the weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Google's name of the field.
    pub field: String,
    /// Before; none where it had no value.
    pub before: Option<String>,
    /// After; none where it is cleared.
    pub after: Option<String>,
}

/// Who gets an email about a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emails {
    /// Guests of the person's own domain.
    pub inside: Vec<String>,
    /// Other guests.
    pub outside: Vec<String>,
}
