//! What the program is told: by environment variables, and by a file of the same names.

use std::{
    collections::BTreeMap,
    env, fmt,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    str::FromStr,
};

use axum::http::HeaderName;
use data_encoding::HEXLOWER_PERMISSIVE;
use secrecy::{SecretBox, SecretString};
use url::Url;

use crate::Key;

/// Every variable there is.
const NAMES: [&str; 17] = [
    "DATABASE_URL",
    "GOOGLE_CLIENT_ID",
    "GOOGLE_CLIENT_SECRET",
    "THEO_EMBEDDINGS_DIMENSIONS",
    "THEO_EMBEDDINGS_KEY",
    "THEO_EMBEDDINGS_MODEL",
    "THEO_EMBEDDINGS_URL",
    "THEO_FAKE_GOOGLE_STATE",
    "THEO_GOOGLE_URL",
    "THEO_IDENTITY_HEADER",
    "THEO_LISTEN",
    "THEO_PUBLIC_URL",
    "THEO_REQUESTS_PER_MINUTE",
    "THEO_RETIRED_SEALING_KEYS",
    "THEO_SEALING_KEY",
    "THEO_SESSION_KEY",
    "THEO_WEB_DIR",
];

/// What the program is told.
#[derive(Debug)]
pub struct Settings {
    /// `THEO_LISTEN`: where it listens, such as `0.0.0.0:8080`; `127.0.0.1:8787` where it is not said, or another port
    /// where that is taken.
    pub listen: Option<SocketAddr>,
    /// `THEO_PUBLIC_URL`: its root as people and Google reach it; where it listens where it is not said.
    pub public_url: Option<Url>,
    /// `THEO_IDENTITY_HEADER`: the header in which a proxy says who is signed in, such as `X-Forwarded-User`. Google's own
    /// needs it; with a fake, people sign in by a name.
    pub identity_header: Option<HeaderName>,
    /// `THEO_REQUESTS_PER_MINUTE`: how many one person may make; 1,200 where it is not said.
    pub requests_per_minute: Option<NonZeroU32>,
    /// `DATABASE_URL`, with `THEO_SEALING_KEY`; memory where there is none.
    pub database: Option<Database>,
    /// Which Google.
    pub google: GoogleSettings,
    /// `THEO_EMBEDDINGS_URL` and what belongs to it; search is by words alone where there is none.
    pub embeddings: Option<Embeddings>,
    /// `THEO_SESSION_KEY`, 128 hexadecimal digits: signs the cookies, of all processes alike. Random where it is not
    /// said: everybody is signed out by a restart.
    pub session_key: Key,
    /// `THEO_WEB_DIR`: the directory of the built page, served at the root; the API alone where it is not said.
    pub web_dir: Option<PathBuf>,
}

/// A PostgreSQL database.
#[derive(Debug)]
pub struct Database {
    /// `DATABASE_URL`, such as `postgres://user@host/database`.
    pub url: SecretString,
    /// `THEO_SEALING_KEY`, 64 hexadecimal digits: seals tokens in it.
    pub sealing_key: SecretBox<[u8; 32]>,
    /// `THEO_RETIRED_SEALING_KEYS`, of the same form, with commas between: open what they sealed, and seal nothing more.
    pub retired_keys: Vec<SecretBox<[u8; 32]>>,
}

/// Which Google: its own where `GOOGLE_CLIENT_ID` is said and `THEO_GOOGLE_URL` is not, else a fake.
#[derive(Debug, Default)]
pub struct GoogleSettings {
    /// `GOOGLE_CLIENT_ID`.
    pub client_id: Option<String>,
    /// `GOOGLE_CLIENT_SECRET`.
    pub client_secret: Option<SecretString>,
    /// `THEO_GOOGLE_URL`: the root of a fake that runs elsewhere, for the API and for OAuth.
    pub root: Option<Url>,
    /// `THEO_FAKE_GOOGLE_STATE`: where a fake of the server's own keeps its calendars from run to run.
    pub fake_state: Option<PathBuf>,
}

impl GoogleSettings {
    pub(super) fn is_fake(&self) -> bool {
        self.root.is_some() || self.client_id.is_none()
    }
}

/// A server of embeddings that speaks as OpenAI's.
#[derive(Debug)]
pub struct Embeddings {
    /// `THEO_EMBEDDINGS_URL`.
    pub url: Url,
    /// `THEO_EMBEDDINGS_MODEL`; `text-embedding-3-small` where it is not said.
    pub model: String,
    /// `THEO_EMBEDDINGS_DIMENSIONS`: how many numbers it gives; 1536 where it is not said.
    pub dimensions: usize,
    /// `THEO_EMBEDDINGS_KEY`.
    pub key: Option<SecretString>,
}

/// What is wrong in the settings: each variable and why, without the value, which may be a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrongSettings(pub Vec<(&'static str, String)>);

impl Settings {
    /// Those of the environment, and for what it does not say those of `file`, if one is named.
    ///
    /// # Errors
    /// Every variable that is wrong.
    pub fn read(file: Option<&Path>) -> Result<Self, WrongSettings> {
        let mut said = file.map(of_file).transpose()?.unwrap_or_default();
        for name in NAMES {
            match env::var(name) {
                Ok(value) => _ = said.insert(name.to_owned(), value),
                Err(env::VarError::NotPresent) => {}
                Err(env::VarError::NotUnicode(_)) => return Err(WrongSettings::one(name, "is no text")),
            }
        }
        Self::of(said)
    }

    /// Those that `said` names; an empty value says nothing.
    ///
    /// # Errors
    /// Every variable that is wrong.
    pub fn of(said: BTreeMap<String, String>) -> Result<Self, WrongSettings> {
        let mut said = Said { values: said, wrong: WrongSettings::default() };
        let settings = said.settings();
        let wrong = |name: &str| NAMES.iter().all(|known| *known != name);
        if let Some(name) = said.values.keys().find(|name| wrong(name)) {
            said.wrong.0.push(("THEO_CONFIG", format!("says {name}, and there is no such variable")));
        }
        match said.wrong.0.is_empty() {
            true => Ok(settings),
            false => Err(said.wrong),
        }
    }
}

fn of_file(path: &Path) -> Result<BTreeMap<String, String>, WrongSettings> {
    let wrong = |error| WrongSettings::one("THEO_CONFIG", format!("{}: {error}", path.display()));
    dotenvy::from_path_iter(path).map_err(wrong)?.collect::<Result<_, _>>().map_err(wrong)
}

struct Said {
    values: BTreeMap<String, String>,
    wrong: WrongSettings,
}

impl Said {
    fn settings(&mut self) -> Settings {
        let settings = self.each();
        let is_near = settings.listen.is_none_or(|address| address.ip().is_loopback());
        match settings.google.is_fake() {
            true if !is_near => {
                self.refuse(
                    "THEO_LISTEN",
                    "is not of this machine: with a fake Google anybody signs in as anybody",
                );
            }
            false if settings.identity_header.is_none() => {
                let needed =
                    "is missing: with Google's own, a proxy before this server says who is signed in";
                self.refuse("THEO_IDENTITY_HEADER", needed);
            }
            _ => {}
        }
        settings
    }

    fn each(&mut self) -> Settings {
        Settings {
            listen: self.parsed("THEO_LISTEN", "an address and a port, such as 127.0.0.1:8787"),
            public_url: self.url("THEO_PUBLIC_URL"),
            identity_header: self.parsed("THEO_IDENTITY_HEADER", "the name of a header"),
            requests_per_minute: self.parsed("THEO_REQUESTS_PER_MINUTE", "a number from 1 on"),
            database: self.database(),
            google: GoogleSettings {
                client_id: self.text("GOOGLE_CLIENT_ID"),
                client_secret: self.text("GOOGLE_CLIENT_SECRET").map(Into::into),
                root: self.url("THEO_GOOGLE_URL"),
                fake_state: self.text("THEO_FAKE_GOOGLE_STATE").map(Into::into),
            },
            embeddings: self.embeddings(),
            session_key: self.hex::<64>("THEO_SESSION_KEY").map_or_else(Key::generate, |key| Key::from(&key)),
            web_dir: self.web_dir(),
        }
    }

    fn database(&mut self) -> Option<Database> {
        let sealing_key = self.hex::<32>("THEO_SEALING_KEY");
        let retired_keys = self.retired_keys();
        let url = self.text("DATABASE_URL")?;
        let is_wrong = self.wrong.0.iter().any(|(name, _)| *name == "THEO_SEALING_KEY");
        let Some(key) = sealing_key else {
            if !is_wrong {
                let needed = "is missing, and DATABASE_URL needs it: make one with `openssl rand -hex 32`, and keep it";
                self.refuse("THEO_SEALING_KEY", needed);
            }
            return None;
        };
        Some(Database { url: url.into(), sealing_key: SecretBox::new(Box::new(key)), retired_keys })
    }

    fn retired_keys(&mut self) -> Vec<SecretBox<[u8; 32]>> {
        let Some(text) = self.text("THEO_RETIRED_SEALING_KEYS") else { return Vec::new() };
        let keys: Option<Vec<_>> = text.split(',').map(|key| bytes_of(key.trim())).collect();
        if keys.is_none() {
            self.refuse(
                "THEO_RETIRED_SEALING_KEYS",
                "is not keys of 64 hexadecimal digits with commas between",
            );
        }
        keys.unwrap_or_default().into_iter().map(|key| SecretBox::new(Box::new(key))).collect()
    }

    fn embeddings(&mut self) -> Option<Embeddings> {
        let url = self.url("THEO_EMBEDDINGS_URL");
        let model = self.text("THEO_EMBEDDINGS_MODEL").unwrap_or_else(|| "text-embedding-3-small".to_owned());
        let dimensions = self.parsed("THEO_EMBEDDINGS_DIMENSIONS", "a number").unwrap_or(1536);
        let key = self.text("THEO_EMBEDDINGS_KEY").map(Into::into);
        url.map(|url| Embeddings { url, model, dimensions, key })
    }

    fn web_dir(&mut self) -> Option<PathBuf> {
        let directory = PathBuf::from(self.text("THEO_WEB_DIR")?);
        if !directory.join("index.html").is_file() {
            self.refuse("THEO_WEB_DIR", "is no directory of a built page: it has no index.html");
        }
        Some(directory)
    }

    fn text(&self, name: &'static str) -> Option<String> {
        self.values.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str, wanted: &str) -> Option<T> {
        let text = self.text(name)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.refuse(name, format!("is not {wanted}"));
        }
        parsed
    }

    fn url(&mut self, name: &'static str) -> Option<Url> {
        let url: Url = self.parsed(name, "an address, such as https://calendar.example.com")?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            self.refuse(name, "is not an address of http or https");
            return None;
        }
        Some(url)
    }

    fn hex<const N: usize>(&mut self, name: &'static str) -> Option<[u8; N]> {
        let text = self.text(name)?;
        let bytes = bytes_of(&text);
        if bytes.is_none() {
            self.refuse(
                name,
                format!("is not {} hexadecimal digits: make one with `openssl rand -hex {N}`", 2 * N),
            );
        }
        bytes
    }

    fn refuse(&mut self, name: &'static str, why: impl Into<String>) {
        self.wrong.0.push((name, why.into()));
    }
}

fn bytes_of<const N: usize>(hex: &str) -> Option<[u8; N]> {
    HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?.try_into().ok()
}

impl WrongSettings {
    fn one(name: &'static str, why: impl Into<String>) -> Self {
        Self(vec![(name, why.into())])
    }
}

impl fmt::Display for WrongSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<String> = self.0.iter().map(|(name, why)| format!("{name} {why}")).collect();
        f.write_str(&said.join("; "))
    }
}

impl std::error::Error for WrongSettings {}
