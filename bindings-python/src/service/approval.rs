//! What the person decides on, and what came of it.

use pyo3::prelude::*;
use theo_calendar::{
    approval,
    audit::{self, Actor},
};

use crate::{conflict::ConflictsIn, value::values};

values! {
    /// A request for a change, frozen as it was asked.
    json Approval(approval::Approval) {
        /// Its id.
        id,
        /// Where it stands.
        state,
        /// Whose yes it needs.
        user,
        /// What was asked: a `Create`, `Update`, `Delete` or `Respond`.
        action = |it| it.request.action,
        /// Who is emailed about it.
        send_updates = |it| it.request.send_updates,
        /// Why it was asked, in words for the person.
        reason = |it| it.request.reason,
        /// What the person is shown.
        preview,
        /// The event as it was when asked; `None` where one is made.
        snapshot,
        /// Who asked: a `User` or an `Agent`.
        requested_by,
        /// When.
        requested_at,
        /// From when on it may no longer be decided or executed.
        expires_at,
        /// Who decided.
        decided_by,
        /// When.
        decided_at,
        /// What the person wrote with the decision.
        notes,
        /// The id of the approval that this one is an edited version of, or asks anew for.
        supersedes,
        /// How it ended; `None` until it did.
        outcome,
        /// How often Google was called for it.
        attempts = |it| it.execution.as_ref().map_or(0, |execution| execution.attempts),
        /// When it last changed.
        updated_at,
        /// Counts its transitions.
        version = |it| it.version.0,
        /// SHA-256 of what was asked and of the event that it was shown against.
        payload_hash,
    }

    /// What a change would do, in words and in parts. Its text is hostile where it is other people's.
    json Preview(approval::Preview) {
        /// One sentence: `Move "Standup" from Mon 9:00 to Mon 10:00`.
        summary,
        /// The calendar's title.
        calendar,
        /// The IANA name of the zone its times are shown in.
        time_zone,
        /// Field by field.
        changes,
        /// When what it touches takes place, in local time with the weekday: of a series the first few occurrences.
        occurrences,
        /// How many occurrences it touches; at least so many where they are truncated.
        occurrence_count,
        /// Whether there are more than were counted.
        occurrences_truncated,
        /// Who gets an email.
        emails,
        /// Conflicts that are there only after it, as `Conflict` objects.
        conflicts_caused = |it| ConflictsIn { conflicts: &it.conflicts_caused, zone: &it.time_zone },
        /// Conflicts that are there only before it.
        conflicts_solved = |it| ConflictsIn { conflicts: &it.conflicts_solved, zone: &it.time_zone },
        /// Whether there may be more of either.
        conflicts_incomplete,
    }

    /// One field, before and after, as a person reads it.
    json FieldChange(approval::FieldChange) {
        /// Google's name of the field.
        field,
        /// Before; `None` where it had no value.
        before,
        /// After; `None` where it is cleared.
        after,
    }

    /// Who gets an email about a change.
    json Emails(approval::Emails) {
        /// Addresses of guests of the person's own domain.
        inside,
        /// Those of other guests.
        outside,
    }

    /// How an approval ended.
    json Outcome(approval::Outcome) {
        /// `done`, `not_done`, `partly_done` or `drifted`.
        kind = |it| match it {
            approval::Outcome::Done { .. } => "done",
            approval::Outcome::NotDone { .. } => "not_done",
            approval::Outcome::PartlyDone { .. } => "partly_done",
            approval::Outcome::Drifted(_) => "drifted",
        },
        /// Google's id of the event that it made or changed.
        event = |it| match it {
            approval::Outcome::Done { event, .. } | approval::Outcome::PartlyDone { event, .. } => Some(event),
            _ => None,
        },
        /// Other events with the same mark: Google took an insert twice.
        duplicates = |it| match it {
            approval::Outcome::Done { duplicates, .. } => duplicates.clone(),
            _ => Vec::new(),
        },
        /// The kind of error that stopped it: `.kind` of the class in `theo_calendar.errors`.
        error_kind = |it| match it {
            approval::Outcome::NotDone { kind, .. } | approval::Outcome::PartlyDone { kind, .. } => Some(kind),
            _ => None,
        },
        /// What went wrong, in a sentence for the person.
        message = |it| match it {
            approval::Outcome::Done { .. } => None,
            approval::Outcome::NotDone { message, .. } | approval::Outcome::PartlyDone { message, .. } => {
                Some(message.clone())
            }
            approval::Outcome::Drifted(drift) => Some(drift.to_string()),
        },
        /// How the event changed since it was asked, where that stopped it.
        drift = |it| match it {
            approval::Outcome::Drifted(drift) => Some(drift),
            _ => None,
        },
    }

    /// How an event changed between the asking and the doing.
    json Drift(approval::Drift) {
        /// Google's names of the fields that somebody else changed.
        theirs,
        /// Those of them that the approval changes too, to something else.
        collisions,
        /// Whether the event is gone.
        is_gone,
        /// Whether asking again keeps what both sides want.
        can_merge = |it| it.can_merge(),
    }

    /// Something that was done, in its place in the user's chain.
    json AuditRecord(audit::AuditRecord) {
        /// Its number in the chain, from 1.
        number,
        /// Who did it: a `User`, an `Agent`, or `None` for the service by itself.
        actor = |it| match &it.entry.actor {
            Actor::Principal(principal) => Some(principal),
            Actor::Service => None,
        },
        /// What: `approval.requested`, `approval.executed`.
        action = |it| it.entry.action,
        /// The id of the approval that it is a step of.
        approval = |it| it.entry.approval,
        /// A sentence on what it was.
        summary = |it| it.entry.summary,
        /// When.
        at = |it| it.entry.at,
        /// The hash of the record before; zeros for the first.
        previous,
        /// SHA-256 over the number, the hash before and what was done.
        hash,
    }

    /// Where a user's chain of audit records ends. Kept elsewhere, it shows whether the chain was written anew.
    plain ChainEnd(audit::ChainEnd) {
        /// The number of the last record; zero before the first.
        number,
        /// Its hash; zeros before the first.
        hash,
    }
}
