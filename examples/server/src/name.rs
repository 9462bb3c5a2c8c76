//! How calendars and events are named in addresses: by one word each, which means something to its owner alone.
//!
//! Google's ids are unique only within an account or a calendar, and hold characters that addresses do not. A word is
//! the base64url of the JSON array of the account, the calendar and, of an event, its id there. Whose account it is, it
//! does not say: that is who is signed in.

use data_encoding::BASE64URL_NOPAD;
use theo_calendar::{
    CalendarService,
    id::{AccountKey, CalendarKey, EventKey, UserId},
    storage::MirroredCalendar,
};

use crate::problem::{Answer, Problem};

/// The word for a calendar.
pub(crate) fn of_calendar(key: &CalendarKey) -> String {
    word([key.account.as_str(), key.calendar.as_str()])
}

/// The word for an event.
pub(crate) fn of_event(key: &EventKey) -> String {
    word([key.account.as_str(), key.calendar.as_str(), key.event.as_str()])
}

/// The event of `user` that `word` names; whether there is one, whoever reads it will say.
pub(crate) fn event(user: &UserId, word: &str) -> Answer<EventKey> {
    let [account, calendar, event] = parts(word).ok_or_else(|| Problem::not_found("event"))?;
    Ok(AccountKey::new(user.clone(), account).calendar(calendar).event(event))
}

/// The calendar of `user` that `word` names: a word of ours; or Google's own id, or `primary`, where one account alone
/// has it.
pub(crate) async fn calendar(
    service: &CalendarService,
    user: &UserId,
    word: &str,
) -> Answer<MirroredCalendar> {
    let not_found = || Problem::not_found("calendar");
    if let Some([account, calendar]) = parts(word) {
        let found = service.calendar(&AccountKey::new(user.clone(), account).calendar(calendar)).await;
        return found.map_err(|error| match error.kind() {
            theo_calendar::ErrorKind::NotFound => not_found(),
            _ => error.into(),
        });
    }
    let is_it = |calendar: &MirroredCalendar| match word {
        "primary" => calendar.entry.primary == Some(true),
        id => calendar.key.calendar.as_str() == id,
    };
    let mut found = service.calendars(user).await?.into_iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(calendar), None) => Ok(calendar),
        (None, _) => Err(not_found()),
        (Some(_), Some(_)) => {
            Err(Problem::of_field("calendarId", "several of your accounts have it: name one by its `id`"))
        }
    }
}

fn word<const N: usize>(parts: [&str; N]) -> String {
    // An array of texts is always JSON.
    BASE64URL_NOPAD.encode(&serde_json::to_vec(&parts.as_slice()).unwrap_or_default())
}

fn parts<const N: usize>(word: &str) -> Option<[String; N]> {
    let json = BASE64URL_NOPAD.decode(word.as_bytes()).ok()?;
    let parts: Vec<String> = serde_json::from_slice(&json).ok()?;
    let is_plain = |part: &String| !part.is_empty() && !part.chars().any(char::is_control);
    parts.iter().all(is_plain).then_some(parts)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_the_same_event_of_whoever_is_signed_in() {
        let key = AccountKey::new("ada", "ada@example.com").calendar("räume/#1").event("e_20250328T150000Z");

        let word = of_event(&key);

        assert!(word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{word}");
        assert_eq!(event(&"ada".into(), &word).unwrap(), key);
        assert_eq!(event(&"bob".into(), &word).unwrap().user, "bob".into());
        for none in ["", "e1", "WyJhIl0", &of_calendar(&key.calendar_key()), &word[1..]] {
            assert!(event(&"ada".into(), none).is_err(), "{none}");
        }
    }
}
