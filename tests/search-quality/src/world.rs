//! The life as calendars at a fake Google, over real HTTP, and the mirrors of them.

use std::sync::Arc;

use fake_google::{Config, FakeGoogle};
use theo_calendar::{
    CalendarService, Error, ErrorKind, Result,
    auth::StaticToken,
    client::CalendarClient,
    http::ReqwestClient,
    id::{AccountKey, CalendarKey, UserId},
    recurrence::Tzdb,
    search::Embedder,
    storage::Storage,
    sync::{SyncOptions, Unobserved},
    time::{SystemClock, TokioTimer},
};

use crate::scenario::{Calendar, Episode};

const ADA: &str = "ada@example.com";

/// Ada's calendars at Google.
pub struct World {
    google: FakeGoogle,
    token: String,
    events: usize,
}

impl World {
    /// With all of `life`.
    ///
    /// # Errors
    /// When no port of loopback can be bound.
    pub fn of(life: &[Episode]) -> std::io::Result<Self> {
        let google = FakeGoogle::spawn(Config::new())?;
        google.add_person(ADA, "Europe/Zurich");
        for (calendar, name) in [(Calendar::Private, "Private"), (Calendar::Family, "Family")] {
            google.add_calendar(ADA, calendar_id(calendar), name, "Europe/Zurich");
        }
        for episode in life {
            google.create_event(calendar_id(episode.calendar), episode.json.clone());
        }
        let token = google.token(ADA, &["calendar"]);
        Ok(Self { google, token, events: life.len() })
    }

    /// A service over `store`, into which everything was synced; nothing is embedded yet.
    ///
    /// # Errors
    /// When the sync fails or is not complete.
    pub async fn mirrored(
        &self,
        store: Arc<dyn Storage>,
        embedder: Arc<dyn Embedder>,
    ) -> Result<CalendarService> {
        let wrong = |message: String| Error::new(ErrorKind::InvalidInput, message);
        let url =
            self.google.url().parse().map_err(|_| wrong(format!("{} is no address", self.google.url())))?;
        let tokens = StaticToken::new(self.token.clone());
        let http = ReqwestClient::new().map_err(|error| wrong(error.to_string()))?;
        let client = CalendarClient::builder(http, tokens, SystemClock, TokioTimer);
        let client = client.base_url(url).build()?;
        let clock = Arc::new(SystemClock);
        let service = CalendarService::new(store, client, clock, Arc::new(Tzdb), "search-quality")
            .with_embedder(embedder);
        let options = SyncOptions { accounts: Some(vec![ADA.into()]), ..SyncOptions::default() };
        let report = service.full_sync(&user(), &options, &Unobserved).await?;
        if !report.is_complete() {
            return Err(wrong(format!("the sync of {} events failed: {:?}", self.events, report.failures)));
        }
        Ok(service)
    }
}

/// Ada.
pub fn user() -> UserId {
    "ada".into()
}

/// A calendar of hers in a mirror.
pub fn key(calendar: Calendar) -> CalendarKey {
    AccountKey::new("ada", ADA).calendar(calendar_id(calendar))
}

fn calendar_id(calendar: Calendar) -> &'static str {
    match calendar {
        Calendar::Work => ADA,
        Calendar::Private => "private@group.calendar.google.com",
        Calendar::Family => "family@group.calendar.google.com",
    }
}
