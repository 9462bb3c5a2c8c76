//! What Google says of the time of others.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Result,
    client::CalendarClient,
    conflict::slots::Availability,
    google::{FreeBusy, FreeBusyError, FreeBusyResponse},
    id::{AccountKey, CalendarId, UserId},
    storage::Storage,
    sync::SyncResource,
    text::one_line,
    time::TimeRange,
};

/// Calendars of one request, at most (Google's discovery document, `calendarExpansionMax`).
const MOST: usize = 50;

/// When each of `calendars` is busy in `reach`: asked through each account of `user` until one may know.
pub(super) async fn times_of(
    calendars: BTreeSet<CalendarId>,
    store: &dyn Storage,
    client: &CalendarClient,
    user: &UserId,
    reach: &TimeRange,
) -> Result<BTreeMap<CalendarId, Availability>> {
    let mut known = BTreeMap::new();
    if calendars.is_empty() {
        return Ok(known);
    }
    let mut unknown: BTreeMap<CalendarId, String> = calendars
        .into_iter()
        .map(|calendar| (calendar, "no account of yours is connected".to_owned()))
        .collect();
    for account in accounts(store, user).await? {
        let open: Vec<CalendarId> = unknown.keys().cloned().collect();
        for some in open.chunks(MOST) {
            let answer =
                client.for_account(&account).free_busy(&FreeBusy::new(*reach, some.iter().cloned())).await;
            for calendar in some {
                let time = match &answer {
                    Ok(answer) => time_of(answer, calendar),
                    Err(error) => Err(format!("Google could not be asked: {error}")),
                };
                match time {
                    Ok(time) => {
                        unknown.remove(calendar);
                        known.insert(calendar.clone(), time);
                    }
                    Err(why) => _ = unknown.insert(calendar.clone(), why),
                }
            }
        }
    }
    known.extend(unknown.into_iter().map(|(calendar, why)| (calendar, Availability::unknown(*reach, why))));
    Ok(known)
}

/// The accounts of `user` whose calendars are mirrored.
pub(crate) async fn accounts(store: &dyn Storage, user: &UserId) -> Result<BTreeSet<AccountKey>> {
    let states = store.sync_states(user).await?;
    let account = |resource| match resource {
        SyncResource::CalendarList(account) => Some(account),
        SyncResource::Events(_) => None,
    };
    Ok(states.into_iter().filter_map(|state| account(state.resource)).collect())
}

/// When `calendar`, which may be a group, is busy; or why that is not known.
fn time_of(answer: &FreeBusyResponse, calendar: &CalendarId) -> Result<Availability, String> {
    let group = answer.groups.as_ref().and_then(|groups| groups.get(calendar.as_str()));
    let Some(group) = group else { return one_time_of(answer, calendar) };
    refused(&group.errors)?;
    let members = group.calendars.as_deref().unwrap_or_default();
    if members.is_empty() {
        return Err("Google names nobody in this group".to_owned());
    }
    let mut all = Availability::default();
    for member in members {
        all.extend(one_time_of(answer, member)?);
    }
    Ok(all)
}

fn one_time_of(answer: &FreeBusyResponse, calendar: &CalendarId) -> Result<Availability, String> {
    let said = answer.calendars.as_ref().and_then(|calendars| calendars.get(calendar));
    let said = said.ok_or("Google's answer leaves them out")?;
    refused(&said.errors)?;
    let busy = said.busy.as_deref().ok_or("Google's answer leaves their time out")?;
    let ranges = busy.iter().map(|period| TimeRange::new(period.start.utc(), period.end.utc()));
    let ranges: Vec<TimeRange> =
        ranges.collect::<Result<_>>().map_err(|error| format!("Google's answer is not clear: {error}"))?;
    Ok(Availability::busy(ranges))
}

fn refused(errors: &Option<Vec<FreeBusyError>>) -> Result<(), String> {
    let errors = errors.as_deref().unwrap_or_default();
    if errors.is_empty() {
        return Ok(());
    }
    let reasons =
        errors.iter().map(|error| one_line(error.reason.as_deref().unwrap_or("no reason given"), 80));
    let reasons: BTreeSet<String> = reasons.collect();
    Err(format!("Google does not say ({})", reasons.into_iter().collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(calendar: &str) -> Result<usize, String> {
        let answer: FreeBusyResponse = serde_json::from_str(
            r#"{
                "groups": {
                    "team@example.com": {"calendars": ["ada@example.com", "bob@example.com"]},
                    "half@example.com": {"calendars": ["ada@example.com", "eve@example.org"]},
                    "big@example.com": {"errors": [{"domain": "global", "reason": "groupTooBig"}]},
                    "void@example.com": {}
                },
                "calendars": {
                    "ada@example.com": {"busy": [{"start": "2025-03-03T09:00:00Z", "end": "2025-03-03T10:00:00Z"}]},
                    "bob@example.com": {"busy": [{"start": "2025-03-03T09:00:00Z", "end": "2025-03-03T09:30:00Z"}]},
                    "eve@example.org": {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []},
                    "odd@example.com": {"busy": [{"start": "2025-03-03T10:00:00Z", "end": "2025-03-03T09:30:00Z"}]},
                    "new@example.com": {}
                }
            }"#,
        )
        .unwrap();
        time_of(&answer, &calendar.into()).map(|time| time.taken.len())
    }

    #[test]
    fn only_a_clear_answer_is_known_and_a_group_is_known_where_all_its_members_are() {
        assert_eq!(said("ada@example.com"), Ok(1));
        assert_eq!(said("team@example.com"), Ok(2));
        for (calendar, why) in [
            ("eve@example.org", "Google does not say (notFound)"),
            ("half@example.com", "Google does not say (notFound)"),
            ("big@example.com", "Google does not say (groupTooBig)"),
            ("void@example.com", "Google names nobody in this group"),
            ("who@example.com", "Google's answer leaves them out"),
            ("new@example.com", "Google's answer leaves their time out"),
        ] {
            assert_eq!(said(calendar), Err(why.to_owned()), "{calendar}");
        }
        assert!(said("odd@example.com").unwrap_err().starts_with("Google's answer is not clear"));
    }
}
