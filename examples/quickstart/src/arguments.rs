//! What the program is asked to do.

use std::{path::PathBuf, time::Duration};

use clap::Parser;

/// The main job from end to end: sync, conflict, approval, execution, sync back.
///
/// Without --google it starts a Google of its own on loopback, with a person of 5 calendars and 3,000 events.
/// Against another server it only reads, unless --write is given.
///
/// The mirror is kept in memory, or in a PostgreSQL database, from which the next run goes on.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// Root of the API: `https://www.googleapis.com` is Google's own.
    #[arg(long, value_name = "URL", requires = "access_token")]
    pub(crate) google: Option<url::Url>,
    /// Access token for it, such as one from the OAuth 2.0 Playground.
    #[arg(long, value_name = "TOKEN", env = "THEO_ACCESS_TOKEN", hide_env_values = true)]
    pub(crate) access_token: Option<String>,
    /// Makes one event on the other server; without it nothing is written there.
    #[arg(long)]
    pub(crate) write: bool,
    /// The PostgreSQL database that keeps the mirror, such as `postgres://user@host/database`.
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Key that seals tokens in that database, 64 hexadecimal digits (`openssl rand -hex 32`). This program keeps no
    /// token: without it, it takes a random one for itself.
    #[arg(long, value_name = "KEY", env = "THEO_SEALING_KEY", hide_env_values = true)]
    pub(crate) sealing_key: Option<String>,
    /// Where the Google of its own keeps its calendars from run to run; used only with a database.
    #[arg(long, value_name = "FILE", default_value = ".local/google/state.json")]
    pub(crate) google_state: PathBuf,
    /// Prints one JSON document on standard output and nothing else.
    #[arg(long)]
    pub(crate) json: bool,
    /// The calendar the agent books in.
    #[arg(long, value_name = "ID", default_value = "primary")]
    pub(crate) calendar: String,
    /// When the agent wants the meeting to start: RFC 3339, or a local time with --time-zone. By default a time that
    /// is taken.
    #[arg(long, value_name = "TIME", requires = "end")]
    pub(crate) start: Option<String>,
    /// When the agent wants it to end.
    #[arg(long, value_name = "TIME", requires = "start")]
    pub(crate) end: Option<String>,
    /// IANA zone of --start and --end, such as Europe/Berlin.
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// How long the approval may be decided, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds)]
    pub(crate) expires_in: Duration,
    /// How long the person takes to decide, in seconds: the clock is set forward, nobody waits.
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub(crate) decide_after: Duration,
}

impl Arguments {
    /// The database's address; an empty one is none.
    pub(crate) fn database(&self) -> Option<&str> {
        self.database_url.as_deref().filter(|url| !url.is_empty())
    }
}

fn seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}
