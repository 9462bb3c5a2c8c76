//! Putting a service together from what `CalendarService.open` was given.

use std::{sync::Arc, time::Duration};

use pyo3::prelude::*;
use theo_calendar::{
    CalendarService, Error, ErrorKind, Result,
    auth::{self, RefreshingTokens, TokenProvider},
    client::CalendarClient,
    http::ReqwestClient,
    recurrence::Tzdb,
    search::{Embedder, HttpEmbedder},
    storage::{MemoryStore, Storage, TokenStore},
    time::{Clock, SystemClock, TokioTimer},
};
use theo_calendar_postgres::{PostgresStore, SealingKey, SealingKeys};
use url::Url;

use super::{
    handle::Parts,
    seams::{CallbackClock, CallbackEmbedder, CallbackTokens},
};
use crate::callback::Callback;

/// What a host chose, as `_options.Options` has it.
#[derive(FromPyObject)]
pub(crate) struct Options {
    store: String,
    google: Option<String>,
    tokens: Tokens,
    embedder: Option<Model>,
    retiring: Option<Model>,
    clock: Option<Py<PyAny>>,
    webhooks: Option<String>,
    holder: String,
    sealing_key: Option<Vec<u8>>,
    migrate: bool,
    timeout: f64,
}

#[derive(FromPyObject)]
enum Tokens {
    Static {
        token: String,
        scopes: Option<Vec<String>>,
    },
    OAuth {
        id: String,
        secret: Option<String>,
        token_url: Option<String>,
    },
    #[pyo3(transparent)]
    Asked(Py<PyAny>),
}

#[derive(FromPyObject)]
struct Model {
    embed: Embed,
    model: String,
    dimensions: usize,
    key: Option<String>,
}

#[derive(FromPyObject)]
enum Embed {
    #[pyo3(transparent)]
    Server(String),
    #[pyo3(transparent)]
    Asked(Py<PyAny>),
}

/// A store, as the seams want it.
struct Store {
    all: Arc<dyn Storage>,
    tokens: Arc<dyn TokenStore>,
    postgres: Option<PostgresStore>,
}

/// A service over what was chosen.
///
/// # Errors
/// [`ErrorKind::InvalidInput`], naming the argument; [`ErrorKind::Storage`] where the database cannot be reached or its
/// schema cannot be brought up to date.
pub(crate) async fn open(options: Options) -> Result<Parts> {
    let Options { google, tokens, embedder, retiring, clock, webhooks, holder, timeout, .. } = &options;
    let timeout = Duration::try_from_secs_f64(*timeout)
        .map_err(|_| wrong("timeout", "must be a number of seconds, zero or more"))?;
    let clock: Arc<dyn Clock> = match clock {
        Some(function) => Arc::new(Python::attach(|py| CallbackClock(function.clone_ref(py)))),
        None => Arc::new(SystemClock),
    };
    let http = ReqwestClient::new().map_err(|error| Error::new(ErrorKind::Connection, error.to_string()))?;
    let store = store(&options, &clock).await?;
    let tokens: Arc<dyn TokenProvider> = match tokens {
        Tokens::Static { token, scopes: None } => Arc::new(auth::StaticToken::new(token.clone())),
        Tokens::Static { token, scopes: Some(scopes) } => {
            Arc::new(auth::StaticToken::new(token.clone()).with_scopes(scopes))
        }
        Tokens::OAuth { id, secret, token_url } => {
            let token_url = token_url.as_deref().unwrap_or(auth::TOKEN_URL);
            let client = auth::OAuthClient {
                token_url: address("tokens", token_url)?,
                ..auth::OAuthClient::google(id.clone(), secret.clone().map(Into::into))
            };
            Arc::new(RefreshingTokens::new(http.clone(), store.tokens.clone(), clock.clone(), client)?)
        }
        Tokens::Asked(function) => Arc::new(CallbackTokens::new(asked(function, "tokens", timeout))),
    };
    let mut client =
        CalendarClient::builder(http.clone(), tokens, clock.clone(), TokioTimer).timeout(timeout);
    if let Some(google) = google {
        client = client.base_url(address("google", google)?);
    }
    let mut service =
        CalendarService::new(store.all.clone(), client.build()?, clock.clone(), Arc::new(Tzdb), holder);
    let embedder_of = |model: &Model| embedder_of(model, &http, &clock, timeout);
    if let Some(model) = embedder {
        service = service.with_embedder(embedder_of(model)?);
    }
    if let Some(model) = retiring {
        service = service.retiring(embedder_of(model)?);
    }
    if let Some(address) = webhooks {
        let refused = |error: Error| wrong("webhooks", &error.to_string());
        service = service.with_webhooks(address).map_err(refused)?;
    }
    Ok(Parts { service, store: store.all, postgres: store.postgres })
}

async fn store(options: &Options, clock: &Arc<dyn Clock>) -> Result<Store> {
    let sealing_key = match &options.sealing_key {
        None => None,
        Some(bytes) => {
            let bytes = <[u8; 32]>::try_from(bytes.as_slice());
            Some(bytes.map_err(|_| wrong("sealing_key", "must be 32 bytes"))?)
        }
    };
    if options.store == "memory" {
        let store = Arc::new(MemoryStore::new(clock.clone()));
        return Ok(Store { all: store.clone(), tokens: store, postgres: None });
    }
    let key = match sealing_key {
        Some(bytes) => SealingKey::new("host", bytes),
        // Nothing is sealed under it that another process would have to read.
        None if !matches!(options.tokens, Tokens::OAuth { .. }) => SealingKey::random("this process"),
        None => {
            let why = "is needed to keep grants in a database: 32 bytes, such as secrets.token_bytes(32), kept apart from it";
            return Err(wrong("sealing_key", why));
        }
    };
    let store = PostgresStore::connect(&options.store, SealingKeys::new(key)).await?;
    if options.migrate {
        store.migrate().await?;
    }
    let shared = Arc::new(store.clone());
    Ok(Store { all: shared.clone(), tokens: shared, postgres: Some(store) })
}

fn embedder_of(
    chosen: &Model,
    http: &ReqwestClient,
    clock: &Arc<dyn Clock>,
    timeout: Duration,
) -> Result<Arc<dyn Embedder>> {
    let Model { embed, model, dimensions, key } = chosen;
    Ok(match embed {
        Embed::Server(base) => {
            let base = address("embedder", base)?;
            let mut embedder =
                HttpEmbedder::new(http.clone(), clock.clone(), TokioTimer, &base, model, *dimensions)?
                    .with_timeout(timeout);
            if let Some(key) = key {
                embedder = embedder.with_key(key.clone());
            }
            Arc::new(embedder)
        }
        Embed::Asked(function) => Arc::new(CallbackEmbedder {
            embed: asked(function, "embedder", timeout),
            model: model.clone(),
            dimensions: *dimensions,
        }),
    })
}

fn asked(function: &Py<PyAny>, argument: &'static str, timeout: Duration) -> Callback {
    Callback::new(Python::attach(|py| function.clone_ref(py)), argument, timeout)
}

fn address(argument: &str, text: &str) -> Result<Url> {
    Url::parse(text).map_err(|error| wrong(argument, &format!("{text:?} is no address: {error}")))
}

fn wrong(argument: &str, why: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("{argument}: {why}"))
}
