//! What the program is asked to do.

use std::time::Duration;

use clap::Parser;

/// The main job from end to end: sync, conflict, approval, execution, sync back.
///
/// Without --google it starts a Google of its own on loopback, with a person of 5 calendars and 3,000 events.
/// Against another server it only reads, unless --write is given.
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

fn seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}
