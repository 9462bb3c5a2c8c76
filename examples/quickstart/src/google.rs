//! The Google that the job runs against: one of its own, or another.

use std::{io, path::Path, time::Duration};

use fake_google::{Config, FakeGoogle, Generate};
use serde_json::json;
use theo_calendar::{
    Result,
    client::AccountClient,
    google::{CalendarListQuery, CalendarListView},
    id::{AccountKey, CalendarKey, EventId},
};
use url::Url;

use crate::{arguments::Arguments, terminal::Terminal};

/// The person on the server that is started here.
const PERSON: &str = "ada@example.com";

/// Titles of what changes at the Google of our own, so that the next run finds it again.
const ADDED: &str = "Added on Google's page";
const ADDED_BETWEEN_RUNS: &str = "Added between two runs";
const RENAMED_BETWEEN_RUNS: &str = "Renamed between two runs";

/// How long a run waits for the one before it to end.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The Google that the job runs against.
pub(crate) enum Google {
    /// Started here, and stopped when the job ends.
    Own {
        /// The server.
        server: FakeGoogle,
        /// Its root.
        root: Url,
        /// A token for everything.
        token: String,
    },
    /// Somebody else's.
    Other {
        /// Its root.
        root: Url,
        /// The token given.
        token: String,
        /// Whether it may be written to.
        write: bool,
    },
}

impl Google {
    /// Starts one, unless another was named. Beside a mirror that is kept, it goes on where it was as well; two runs
    /// take turns.
    pub(crate) async fn open(arguments: &Arguments, terminal: &Terminal) -> io::Result<Self> {
        if let (Some(root), Some(token)) = (&arguments.google, &arguments.access_token) {
            return Ok(Self::Other { root: root.clone(), token: token.clone(), write: arguments.write });
        }
        let generate = Generate { person: PERSON.to_owned(), ..Generate::default() };
        let mut config = Config::new().generate(generate);
        if arguments.database().is_some() {
            config = config.state_file(&arguments.google_state);
        }
        let server = in_turn(config, &arguments.google_state, terminal).await?;
        let root = server.url().parse().map_err(io::Error::other)?;
        let token = server.token(PERSON, &["calendar"]);
        Ok(Self::Own { server, root, token })
    }

    /// The account that the job connects. The host chooses the names: here the address, elsewhere what it is.
    pub(crate) fn account(&self) -> AccountKey {
        match self {
            Self::Own { .. } => AccountKey::new("ada", PERSON),
            Self::Other { .. } => AccountKey::new("person", "your account"),
        }
    }

    /// The same for a mirror that is kept. Another run may bring another person's token, so the account is named
    /// after the primary calendar, and the server unless it is Google's.
    pub(crate) async fn lasting_account(&self, client: &AccountClient) -> Result<AccountKey> {
        let Self::Other { root, .. } = self else { return Ok(self.account()) };
        let mut name = primary(client).await?.unwrap_or_else(|| "your account".to_owned());
        if root.host_str() != Some("www.googleapis.com") {
            name = format!("{name} at {}", root.authority());
        }
        Ok(AccountKey::new(name.as_str(), name.as_str()))
    }

    /// Root of the API.
    pub(crate) fn root(&self) -> &Url {
        match self {
            Self::Own { root, .. } | Self::Other { root, .. } => root,
        }
    }

    /// Access token.
    pub(crate) fn token(&self) -> &str {
        match self {
            Self::Own { token, .. } | Self::Other { token, .. } => token,
        }
    }

    /// Whether the job may write.
    pub(crate) fn may_write(&self) -> bool {
        match self {
            Self::Own { .. } => true,
            Self::Other { write, .. } => *write,
        }
    }

    /// What the person did at a Google of our own since the last run: a change of each sort, and what the runs
    /// before left is gone, so that the calendar does not fill up. In words, where anything was done.
    pub(crate) fn time_went_by(&self, booked: &str) -> Option<String> {
        let Self::Own { server, .. } = self else { return None };
        if !server.is_restored() {
            return None;
        }
        let mut deleted = 0;
        let mut renamed = 0;
        for event in server.snapshot(PERSON) {
            let (id, title) = (event["id"].as_str()?, event["summary"].as_str().unwrap_or_default());
            let is_one_off = event["recurrence"].is_null() && event["recurringEventId"].is_null();
            if [booked, ADDED, ADDED_BETWEEN_RUNS].contains(&title) {
                server.delete_event(PERSON, id);
                deleted += 1;
            } else if renamed == 0 && is_one_off && title != RENAMED_BETWEEN_RUNS {
                server.patch_event(PERSON, id, json!({ "summary": RENAMED_BETWEEN_RUNS }));
                renamed += 1;
            }
        }
        let tomorrow = (server.now() + chrono::TimeDelta::days(1)).date_naive();
        let at =
            |hour| json!({ "dateTime": format!("{tomorrow}T{hour}:00:00"), "timeZone": "Europe/Zurich" });
        let meeting = json!({ "summary": ADDED_BETWEEN_RUNS, "start": at(10), "end": at(11) });
        server.create_event(PERSON, meeting);
        Some(format!(
            "Since the last run, on Google's page: 1 event added, {renamed} renamed, {deleted} deleted"
        ))
    }

    /// Stops a Google of our own, which puts its calendars away for the next run.
    pub(crate) fn close(self) -> io::Result<()> {
        match self {
            Self::Own { server, .. } => server.close(),
            Self::Other { .. } => Ok(()),
        }
    }

    /// Adds, changes and deletes an event each as the person would on Google's own page; nothing on another's server.
    pub(crate) fn change_three_events(&self, calendar: &CalendarKey, change: &EventId, delete: &EventId) {
        let Self::Own { server, .. } = self else { return };
        let calendar = calendar.calendar.as_str();
        let day = (server.now() + chrono::TimeDelta::days(3)).date_naive();
        server.create_event(
            calendar,
            json!({ "summary": ADDED, "start": { "date": day }, "end": { "date": day.succ_opt() } }),
        );
        server.patch_event(calendar, change.as_str(), json!({ "summary": "Renamed on Google's page" }));
        server.delete_event(calendar, delete.as_str());
    }
}

async fn in_turn(config: Config, state: &Path, terminal: &Terminal) -> io::Result<FakeGoogle> {
    let mut waited = Duration::ZERO;
    loop {
        match FakeGoogle::spawn(config.clone()) {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy && waited < PATIENCE => {
                if waited.is_zero() {
                    terminal.line(&format!("Another run uses {}: waiting for its end", state.display()))?;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
                waited += LOOK_AGAIN;
            }
            done => return done,
        }
    }
}

/// The id of the person's primary calendar, which is their address.
async fn primary(client: &AccountClient) -> Result<Option<String>> {
    let (query, mut page) = (CalendarListQuery::View(CalendarListView::default()), None);
    loop {
        let listed = client.calendar_list_page(&query, page.as_ref()).await?;
        let mut entries = listed.items.into_iter().flatten();
        if let Some(found) = entries.find(|entry| entry.primary == Some(true)) {
            return Ok(Some(found.id.to_string()));
        }
        match listed.next_page_token {
            Some(next) => page = Some(next),
            None => return Ok(None),
        }
    }
}
