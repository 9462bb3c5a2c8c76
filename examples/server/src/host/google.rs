//! The Google that is mirrored: the real one, a fake at some address, or a fake of the server's own.

use std::{io, path::Path};

use fake_google::{Config, FakeGoogle};
use theo_calendar::{
    auth::OAuthClient,
    time::{Clock, SystemClock},
};
use url::Url;

use super::{Result, demonstration, settings::GoogleSettings};

/// What a fake takes any client for.
const FAKE_CLIENT: &str = "fake-client";

pub(super) enum Google {
    /// Google's own.
    Real,
    /// A fake that runs elsewhere.
    Fake { root: Url },
    /// A fake that runs as long as the server.
    Own { server: FakeGoogle, root: Url },
}

impl Google {
    pub(super) fn open(settings: &GoogleSettings) -> Result<Self> {
        match settings {
            GoogleSettings { root: Some(root), .. } => Ok(Self::Fake { root: root.clone() }),
            GoogleSettings { client_id: Some(_), .. } => Ok(Self::Real),
            GoogleSettings { fake_state, .. } => Self::own(fake_state.as_deref()),
        }
    }

    fn own(state: Option<&Path>) -> Result<Self> {
        let mut config = Config::new().seed(demonstration::seed(SystemClock.now())?).allow_http_webhooks();
        if let Some(path) = state {
            config = config.state_file(path);
        }
        let server = FakeGoogle::spawn(config)?;
        let root = server.url().parse()?;
        Ok(Self::Own { server, root })
    }

    /// The root of its API; none of Google's own.
    pub(super) fn root(&self) -> Option<&Url> {
        match self {
            Self::Real => None,
            Self::Fake { root } | Self::Own { root, .. } => Some(root),
        }
    }

    pub(super) fn is_fake(&self) -> bool {
        self.root().is_some()
    }

    /// Whether it was started here, with a person whom the server made up.
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Own { .. })
    }

    /// What people consent to be served by.
    pub(super) fn registration(&self, settings: &GoogleSettings) -> OAuthClient {
        let id = settings.client_id.as_deref().unwrap_or(FAKE_CLIENT);
        let client = OAuthClient::google(id, settings.client_secret.clone());
        match self.root() {
            Some(root) => client.under(root),
            None => client,
        }
    }

    /// A fake of our own puts its calendars away.
    pub(super) fn close(self) -> io::Result<()> {
        match self {
            Self::Own { server, .. } => server.close(),
            Self::Real | Self::Fake { .. } => Ok(()),
        }
    }
}
