//! Whether an event changed, since an approval was asked, in a way that matters to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Action, Drift,
    merge::{address, own_seat},
};
use crate::{
    model::{Event, EventPatch},
    time::EventTime,
};

/// What the person was shown of an event they change or delete. The rest (reminders, colour, guests' answers,
/// versions) may drift: a person's yes does not hang on it.
const SHOWN: &[&str] = &[
    "summary",
    "start",
    "end",
    "status",
    "description",
    "location",
    "attendees",
    "recurrence",
    "transparency",
    "visibility",
    "eventType",
    "attachments",
];

/// What the person was shown of an event they answer.
const SHOWN_TO_GUEST: &[&str] = &["summary", "start", "end", "status", "location", "recurrence"];

/// How `fresh` differs from `shown` in what matters to `action`; none where the yes still holds.
pub(super) fn drift(action: &Action, shown: &Event, fresh: &Event) -> Option<Drift> {
    if fresh.is_cancelled() && !shown.is_cancelled() {
        return Some(Drift { is_gone: true, ..Drift::default() });
    }
    if shown.etag.is_some() && shown.etag == fresh.etag {
        return None;
    }
    let ours = match action {
        Action::Update { patch, .. } => fields_of(patch),
        Action::Create { .. } | Action::Delete { .. } | Action::Respond { .. } => BTreeSet::new(),
    };
    let watched = match action {
        Action::Respond { .. } => SHOWN_TO_GUEST,
        _ => SHOWN,
    };
    let (before, after) = (fields(shown), fields(fresh));
    let names: BTreeSet<&str> = watched.iter().copied().chain(ours.iter().map(String::as_str)).collect();
    let mut theirs: Vec<String> = names
        .into_iter()
        // Properties of programs are merged key by key, and each approval leaves its mark there.
        .filter(|name| *name != "extendedProperties" && differs(name, shown, fresh, &before, &after))
        .map(str::to_owned)
        .collect();
    let mut collisions: Vec<String> =
        theirs.iter().filter(|name| collides(name, action, &ours, shown, fresh, &after)).cloned().collect();
    if answer_changed(action, shown, fresh) {
        theirs.push("attendees".to_owned());
        collisions.push("attendees".to_owned());
    }
    (!theirs.is_empty()).then_some(Drift { theirs, collisions, is_gone: false })
}

/// Google's names of the fields a patch changes.
pub(super) fn fields_of(patch: &EventPatch) -> BTreeSet<String> {
    let guests = (!patch.remove_attendees.is_empty()).then(|| "attendees".to_owned());
    fields(&patch.set)
        .into_iter()
        .map(|(name, _)| name)
        .chain(patch.clear.iter().cloned())
        .chain(guests)
        .collect()
}

/// An object by Google's names; empty for what is no object.
pub(super) fn fields<T: Serialize>(object: &T) -> Map<String, Value> {
    match serde_json::to_value(object) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn differs(
    name: &str,
    shown: &Event,
    fresh: &Event,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> bool {
    match name {
        "start" => !same_time(shown.start.as_ref(), fresh.start.as_ref()),
        "end" => !same_time(shown.end.as_ref(), fresh.end.as_ref()),
        "attendees" => guests(shown) != guests(fresh),
        name => present(before.get(name)) != present(after.get(name)),
    }
}

/// An instant is the same at any offset; a server may show the same time in another way.
pub(super) fn same_time(one: Option<&EventTime>, other: Option<&EventTime>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => match (one.instant(), other.instant()) {
            (Some(a), Some(b)) => a == b && one.time_zone == other.time_zone,
            _ => one == other,
        },
        (one, other) => one == other,
    }
}

/// Who is invited, and whether they may stay away: not what they answered.
fn guests(event: &Event) -> BTreeMap<String, bool> {
    event
        .attendees()
        .iter()
        .map(|guest| (address(guest).to_ascii_lowercase(), guest.optional.unwrap_or(false)))
        .collect()
}

/// A field that is there but empty says the same as one that is not there.
fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    })
}

/// Whether this approval changes field `name` too, to something else than they did.
fn collides(
    name: &str,
    action: &Action,
    ours: &BTreeSet<String>,
    shown: &Event,
    fresh: &Event,
    after: &Map<String, Value>,
) -> bool {
    let Action::Update { patch, .. } = action else { return false };
    match name {
        // A start without its end, or the other way round, is half a time.
        "start" | "end" => {
            let touched = ["start", "end", "recurrence"].iter().any(|time| ours.contains(*time));
            let agreed =
                patch.set.start.as_ref().is_some_and(|start| same_time(Some(start), fresh.start.as_ref()))
                    && patch.set.end.as_ref().is_some_and(|end| same_time(Some(end), fresh.end.as_ref()));
            touched && !agreed
        }
        "attendees" => guests_collide(patch, shown, fresh),
        name => ours.contains(name) && present(fields(&patch.set).get(name)) != present(after.get(name)),
    }
}

fn guests_collide(patch: &EventPatch, shown: &Event, fresh: &Event) -> bool {
    let (before, after) = (guests(shown), guests(fresh));
    let added = patch.set.attendees.iter().flatten().map(|guest| address(guest).to_ascii_lowercase());
    let removed = patch.remove_attendees.iter().map(|gone| gone.to_ascii_lowercase());
    patch.clear.contains("attendees")
        || added.chain(removed).any(|guest| before.get(&guest) != after.get(&guest))
}

/// Whether the person answered by themselves since, and not what this would answer.
fn answer_changed(action: &Action, shown: &Event, fresh: &Event) -> bool {
    let Action::Respond { event, response, .. } = action else { return false };
    let answer = |of: &Event| {
        let seat = own_seat(of, &event.account, &event.calendar)?;
        of.attendees().get(seat)?.response_status.clone()
    };
    let now = answer(fresh);
    now != answer(shown) && now.as_ref() != Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::AccountKey, model::ResponseStatus};

    const SHOWN_EVENT: &str = r#"{"id":"e1","etag":"1","summary":"Standup","location":"Room 1",
        "start":{"dateTime":"2026-03-02T09:00:00+01:00"},"end":{"dateTime":"2026-03-02T09:15:00+01:00"},
        "attendees":[{"email":"ada@example.com","self":true,"responseStatus":"needsAction"},
                     {"email":"bob@example.com","responseStatus":"needsAction"}]}"#;

    fn event(json: &str) -> Event {
        serde_json::from_str(json).unwrap()
    }

    /// The event as shown, with `changes` by somebody else.
    fn changed(changes: &str) -> Event {
        let mut all = fields(&event(SHOWN_EVENT));
        all.insert("etag".into(), "2".into());
        all.extend(serde_json::from_str::<Map<String, Value>>(changes).unwrap());
        serde_json::from_value(Value::Object(all)).unwrap()
    }

    fn update(set: &str) -> Action {
        let event = AccountKey::new("ada", "ada@example.com").calendar("ada@example.com").event("e1");
        let patch = EventPatch::new(serde_json::from_str(set).unwrap());
        Action::Update { event, patch: Box::new(patch), scope: Default::default() }
    }

    fn accept() -> Action {
        let event = AccountKey::new("ada", "ada@example.com").calendar("ada@example.com").event("e1");
        Action::Respond {
            event,
            response: ResponseStatus::Accepted,
            comment: None,
            scope: Default::default(),
        }
    }

    fn delete() -> Action {
        let event = AccountKey::new("ada", "ada@example.com").calendar("ada@example.com").event("e1");
        Action::Delete { event, scope: Default::default() }
    }

    #[test]
    fn what_matters_is_what_the_person_was_shown() {
        let move_it = r#"{"start":{"dateTime":"2026-03-02T10:00:00+01:00"},"end":{"dateTime":"2026-03-02T10:15:00+01:00"}}"#;
        type Row = (&'static str, Action, &'static str, Option<(&'static str, &'static str)>);
        let table: &[Row] = &[
            ("their reminder", update(move_it), r#"{"reminders":{"useDefault":false}}"#, None),
            ("their colour", update(move_it), r#"{"colorId":"3"}"#, None),
            (
                "the same instant written otherwise",
                update(move_it),
                r#"{"start":{"dateTime":"2026-03-02T08:00:00Z"}}"#,
                None,
            ),
            (
                "an answer of a guest",
                update(move_it),
                r#"{"attendees":[{"email":"ada@example.com","self":true},{"email":"bob@example.com","responseStatus":"accepted"}]}"#,
                None,
            ),
            (
                "another approval's mark",
                update(move_it),
                r#"{"extendedProperties":{"private":{"theoApproval":"x"}}}"#,
                None,
            ),
            ("another place, we move", update(move_it), r#"{"location":"Room 2"}"#, Some(("location", ""))),
            (
                "another end, we move",
                update(move_it),
                r#"{"end":{"dateTime":"2026-03-02T09:30:00+01:00"}}"#,
                Some(("end", "end")),
            ),
            ("both moved alike", update(move_it), move_it, Some(("end start", ""))),
            (
                "another title, we rename",
                update(r#"{"summary":"Sync"}"#),
                r#"{"summary":"Daily"}"#,
                Some(("summary", "summary")),
            ),
            (
                "both renamed alike",
                update(r#"{"summary":"Sync"}"#),
                r#"{"summary":"Sync"}"#,
                Some(("summary", "")),
            ),
            (
                "their colour, we colour",
                update(r#"{"colorId":"4"}"#),
                r#"{"colorId":"3"}"#,
                Some(("colorId", "colorId")),
            ),
            (
                "a guest added, we add another",
                update(r#"{"attendees":[{"email":"dan@example.com"}]}"#),
                r#"{"attendees":[{"email":"ada@example.com"},{"email":"bob@example.com"},{"email":"eve@example.com"}]}"#,
                Some(("attendees", "")),
            ),
            (
                "a guest removed, we change them",
                update(r#"{"attendees":[{"email":"Bob@example.com","optional":true}]}"#),
                r#"{"attendees":[{"email":"ada@example.com"}]}"#,
                Some(("attendees", "attendees")),
            ),
            ("another place, we delete", delete(), r#"{"location":"Room 2"}"#, Some(("location", ""))),
            ("another text, we answer", accept(), r#"{"description":"bring cake"}"#, None),
            (
                "another start, we answer",
                accept(),
                r#"{"start":{"dateTime":"2026-03-02T08:30:00+01:00"}}"#,
                Some(("start", "")),
            ),
            (
                "the person answered otherwise",
                accept(),
                r#"{"attendees":[{"email":"ada@example.com","self":true,"responseStatus":"declined"}]}"#,
                Some(("attendees", "attendees")),
            ),
            (
                "the person answered the same",
                accept(),
                r#"{"attendees":[{"email":"ada@example.com","self":true,"responseStatus":"accepted"}]}"#,
                None,
            ),
        ];
        for (what, action, changes, expected) in table {
            let found = drift(action, &event(SHOWN_EVENT), &changed(changes));
            let found = found.map(|drift| (drift.theirs.join(" "), drift.collisions.join(" ")));
            assert_eq!(found, expected.map(|(theirs, ours)| (theirs.to_owned(), ours.to_owned())), "{what}");
        }
    }

    #[test]
    fn an_event_that_is_gone_cannot_be_merged() {
        let gone = drift(&delete(), &event(SHOWN_EVENT), &changed(r#"{"status":"cancelled"}"#)).unwrap();

        assert!(gone.is_gone && !gone.can_merge());
    }
}
