//! The host's own functions behind the seams of the core: tokens, embeddings, the clock.

use std::{
    cell::RefCell,
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pyo3::{exceptions::PyTypeError, prelude::*};
use theo_calendar::{
    Error, ErrorKind, Result,
    auth::{AccessToken, Freshness, StaticToken, TokenProvider},
    id,
    recurrence::Zone,
    search::{Embedder, Embedding},
    time::{Clock, SystemClock},
};

use crate::{
    callback::Callback, error::type_name, key::AccountKey, runtime::Failure, time::instant_argument,
};

/// Access tokens from a function of `(account, renewed)`.
///
/// Of callers whose token was refused together one asks for another, and all get what it got.
pub(crate) struct CallbackTokens {
    ask: Callback,
    renewals: Mutex<HashMap<id::AccountKey, Renewal>>,
}

/// When an account's token was last renewed, and to which; locked while it is being renewed.
type Renewal = Arc<tokio::sync::Mutex<Option<(Instant, AccessToken)>>>;

impl CallbackTokens {
    pub(crate) fn new(ask: Callback) -> Self {
        Self { ask, renewals: Mutex::default() }
    }

    async fn ask(&self, account: &id::AccountKey, renewed: bool) -> Result<AccessToken> {
        let read = |given: &Bound<'_, PyAny>| {
            given.extract::<String>().map_err(|_| wrong_type("tokens", "a str", given))
        };
        let secret = self.ask.call((AccountKey(account.clone()), renewed), read).await?;
        StaticToken::new(secret).access_token(account, Freshness::Cached).await
    }

    fn renewal(&self, account: &id::AccountKey) -> Renewal {
        let mut renewals = self.renewals.lock().unwrap_or_else(PoisonError::into_inner);
        renewals.entry(account.clone()).or_default().clone()
    }
}

#[async_trait]
impl TokenProvider for CallbackTokens {
    async fn access_token(&self, account: &id::AccountKey, freshness: Freshness) -> Result<AccessToken> {
        if freshness == Freshness::Cached {
            return self.ask(account, false).await;
        }
        let wanted = Instant::now();
        let renewal = self.renewal(account);
        let mut last = renewal.lock().await;
        match &*last {
            Some((at, token)) if *at >= wanted => Ok(token.clone()),
            _ => {
                let token = self.ask(account, true).await?;
                *last = Some((Instant::now(), token.clone()));
                Ok(token)
            }
        }
    }
}

/// Embeddings from a function of a list of texts.
pub(crate) struct CallbackEmbedder {
    pub(crate) embed: Callback,
    pub(crate) model: String,
    pub(crate) dimensions: usize,
}

#[async_trait]
impl Embedder for CallbackEmbedder {
    fn model(&self) -> &str {
        &self.model
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>> {
        // By iterating, so that arrays of numbers do as well as lists.
        let read = |given: &Bound<'_, PyAny>| {
            let rows =
                given.try_iter()?.map(|row| row?.try_iter()?.map(|number| number?.extract()).collect());
            rows.collect::<PyResult<Vec<Embedding>>>()
                .map_err(|_| wrong_type("embedder", "a list of lists of float", given))
        };
        self.embed.call((texts.to_vec(),), read).await
    }
}

/// A clock of the host's: a function that gives an aware `datetime`, at once.
pub(crate) struct CallbackClock(pub(crate) Py<PyAny>);

tokio::task_local! {
    /// What the clock raised in this call: a clock cannot fail, so its caller does when it is done.
    static CLOCK_RAISED: RefCell<Option<PyErr>>;
}

impl Clock for CallbackClock {
    fn now(&self) -> DateTime<Utc> {
        let told = Python::attach(|py| instant_argument(&self.0.bind(py).call0()?, "clock", &Zone::utc()));
        told.unwrap_or_else(|raised| {
            // Outside a call nobody could be told.
            let _ = CLOCK_RAISED.try_with(|last| last.replace(Some(raised)));
            SystemClock.now()
        })
    }
}

/// `work`, which fails where the clock raised something in it.
pub(crate) async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<T, Failure> {
    let watched = async {
        let done = work.await;
        match CLOCK_RAISED.with(RefCell::take) {
            Some(raised) => {
                let message = format!("clock: raised {raised}");
                Err(Error::new(ErrorKind::InvalidInput, message).with_source(raised))
            }
            None => done,
        }
    };
    Ok(CLOCK_RAISED.scope(RefCell::default(), watched).await?)
}

fn wrong_type(argument: &str, wanted: &str, given: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{argument}: gave {}, not {wanted}", type_name(given)))
}
