//! The Google that the job runs against: one of its own, or another.

use std::io;

use fake_google::{Config, FakeGoogle, Generate};
use serde_json::json;
use theo_calendar::id::{AccountKey, CalendarKey, EventId};
use url::Url;

use crate::arguments::Arguments;

/// The person on the server that is started here.
const PERSON: &str = "ada@example.com";

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
    /// Starts one, unless another was named.
    pub(crate) fn open(arguments: &Arguments) -> io::Result<Self> {
        if let (Some(root), Some(token)) = (&arguments.google, &arguments.access_token) {
            return Ok(Self::Other { root: root.clone(), token: token.clone(), write: arguments.write });
        }
        let generate = Generate { person: PERSON.to_owned(), ..Generate::default() };
        let server = FakeGoogle::spawn(Config::new().generate(generate))?;
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

    /// Adds, changes and deletes an event each as the person would on Google's own page; nothing on another's server.
    pub(crate) fn change_three_events(&self, calendar: &CalendarKey, change: &EventId, delete: &EventId) {
        let Self::Own { server, .. } = self else { return };
        let calendar = calendar.calendar.as_str();
        let day = (server.now() + chrono::TimeDelta::days(3)).date_naive();
        server.create_event(
            calendar,
            json!({ "summary": "Added on Google's page", "start": { "date": day }, "end": { "date": day.succ_opt() } }),
        );
        server.patch_event(calendar, change.as_str(), json!({ "summary": "Renamed on Google's page" }));
        server.delete_event(calendar, delete.as_str());
    }
}
