//! The fake as a program: `fake-google --port N [--seed FILE] [--state FILE]`.

use std::future::Future;
use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Parser;
use fake_google::{Config, FakeGoogle, Generate, Seed};

/// The Google Calendar that everybody can run.
///
/// Without --seed there is one account, ada@example.com, with 5 calendars and 3,000 events; its access token is
/// `fake-access-token`, its refresh token (client `fake-client`) `fake-refresh-token`.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port of loopback to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A JSON file of people, calendars and events to start with.
    #[arg(long)]
    seed: Option<PathBuf>,
    /// A file to go on from, written when the program is asked to end; what to start with is for its first use.
    #[arg(long)]
    state: Option<PathBuf>,
    /// How many calendars to make up.
    #[arg(long)]
    generate_calendars: Option<usize>,
    /// How many events to make up, in all calendars together.
    #[arg(long)]
    generate_events: Option<usize>,
    /// The number that decides what is made up.
    #[arg(long, default_value_t = 1)]
    generate_seed: u64,
    /// The time the clock starts from, RFC 3339; by default the machine's.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
    /// Notify http:// addresses too, which Google refuses.
    #[arg(long)]
    allow_http_webhooks: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let mut config = Config::new().port(arguments.port);
    if let Some(path) = &arguments.seed {
        let text = std::fs::read_to_string(path)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        config = config.seed(Seed::from_json(&text)?);
    }
    let asked = arguments.generate_calendars.is_some() || arguments.generate_events.is_some();
    if asked || arguments.seed.is_none() {
        let usual = Generate { seed: arguments.generate_seed, ..Generate::default() };
        config = config.generate(Generate {
            calendars: arguments.generate_calendars.unwrap_or(usual.calendars),
            events: arguments.generate_events.unwrap_or(usual.events),
            ..usual
        });
    }
    if let Some(now) = arguments.now {
        config = config.starting_at(now);
    }
    if arguments.allow_http_webhooks {
        config = config.allow_http_webhooks();
    }
    if let Some(path) = &arguments.state {
        config = config.state_file(path);
    }
    // Heard from before anybody is told that it runs.
    let asked_to_end = asked_to_end()?;
    let google = FakeGoogle::spawn(config)?;
    let mut stdout = io::stdout();
    writeln!(stdout, "listening on {}", google.url())?;
    if arguments.seed.is_none() {
        writeln!(stdout, "account ada@example.com, access token fake-access-token")?;
    }
    stdout.flush()?;
    asked_to_end.await?;
    google.close()
}

/// Resolves with Ctrl-C or SIGTERM.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => Ok(()),
            _ = terminated.recv() => Ok(()),
        }
    })
}

/// Resolves with Ctrl-C.
#[cfg(not(unix))]
fn asked_to_end() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}
