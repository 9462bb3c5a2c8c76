//! The mail guests would get.

use serde_json::{Map, Value};

use crate::call::SendUpdates;
use crate::event::attendee;
use crate::ledger::Mail;
use crate::state::State;

/// Counts the mail about a change from `before` to `after` (`None`: not there) made on `calendar`.
pub(crate) fn send(
    state: &mut State,
    calendar: &str,
    before: Option<&Map<String, Value>>,
    after: Option<&Map<String, Value>>,
    send: SendUpdates,
) {
    let Some(event) = after.or(before).filter(|_| send != SendUpdates::None) else { return };
    let id = event.get("id").and_then(Value::as_str).unwrap_or_default();
    let organizer = event.get("organizer").map(attendee::email).unwrap_or_default();
    let guests = |event: Option<&Map<String, Value>>| -> Vec<String> {
        let list = event.map(attendee::list).unwrap_or_default();
        let real = list.iter().filter(|guest| guest.get("resource") != Some(&Value::Bool(true)));
        real.map(|guest| attendee::email(guest).to_owned()).collect()
    };
    let (old, new) = (guests(before), guests(after));
    let mut mail: Vec<(String, &str)> = Vec::new();
    if organizer != calendar {
        // A guest who answers or removes the event tells the organizer alone.
        mail.push((organizer.to_owned(), "response"));
    } else if !before.zip(after).is_some_and(|(before, after)| unchanged(before, after)) {
        mail.extend(
            new.iter().map(|to| (to.clone(), if old.contains(to) { "update" } else { "invitation" })),
        );
        mail.extend(old.iter().filter(|to| !new.contains(to)).map(|to| (to.clone(), "cancellation")));
    }
    let domain = |email: &str| email.rsplit('@').next().unwrap_or_default().to_owned();
    let inside = domain(state.calendars.get(calendar).map_or(organizer, |calendar| calendar.owner.as_str()));
    for (to, about) in mail {
        let outside = domain(&to) != inside;
        if to == calendar || (send == SendUpdates::ExternalOnly && !outside) {
            continue;
        }
        let about = about.to_owned();
        state.ledger.mail.push(Mail { calendar: calendar.to_owned(), event: id.to_owned(), to, about });
    }
}

/// Whether a write changed nothing a guest can see.
fn unchanged(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    const OWN: [&str; 6] = ["etag", "updated", "reminders", "colorId", "sequence", "transparency"];
    let seen = |event: &Map<String, Value>| -> Map<String, Value> {
        event
            .iter()
            .filter(|(field, _)| !OWN.contains(&field.as_str()))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    };
    seen(before) == seen(after)
}
