//! The Google Calendar that everybody can run.
//!
//! A real HTTP server on loopback that answers as Google's Calendar API v3 and OAuth endpoints do, and that breaks
//! in every way a test asks for. It shares no code with `theo-calendar`, so that it stays an independent witness.
//!
//! ```
//! use fake_google::{Config, FakeGoogle, Fault, FaultKind};
//!
//! let google = FakeGoogle::spawn(Config::new())?;
//! google.add_person("ada@example.com", "Europe/Zurich");
//! let token = google.token("ada@example.com", &["calendar"]);
//! google.fault(Fault::once("events.insert", FaultKind::DropAfter));
//! assert!(google.url().starts_with("http://127.0.0.1:"));
//! # let _ = token;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Everything the methods of [`FakeGoogle`] do can also be done over HTTP under `/_control`; see this crate's README.

mod answer;
mod calendar;
mod calendar_list;
mod calendars;
mod call;
mod channel;
mod clock;
mod control;
mod cors;
mod cursor;
mod edit;
mod error;
mod event;
mod exchange;
mod fault;
mod free_busy;
mod generate;
mod grant;
mod handle;
mod id_token;
mod ledger;
mod notify;
mod oauth;
mod operation;
mod person;
mod quota;
mod seed;
mod series;
mod server;
mod settings;
mod state;
mod state_file;
mod steer;
mod watch;
mod when;

pub use channel::Channel;
pub use fault::{Fault, FaultKind};
pub use generate::Generate;
pub use handle::{Config, FakeGoogle};
pub use ledger::{Effect, LoggedRequest, Mail};
pub use quota::QuotaLimits;
pub use seed::{Seed, SeedCalendar, SeedPerson};
