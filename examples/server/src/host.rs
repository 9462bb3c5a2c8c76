//! The program around the routes: settings, the store, Google, the workers, and an orderly end.

mod demonstration;
mod google;
mod page;
mod settings;
mod store;
mod work;

use std::{error::Error, io, net::SocketAddr, sync::Arc};

use theo_calendar::{
    CalendarService,
    auth::RefreshingTokens,
    client::CalendarClient,
    http::ReqwestClient,
    recurrence::Tzdb,
    search::HttpEmbedder,
    time::{Clock, SystemClock, TokioTimer},
};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;
use uuid::Uuid;

pub use self::settings::{Database, Embeddings, GoogleSettings, Settings, WrongSettings};
use self::{demonstration::Demonstration, google::Google, store::Store, work::Work};
use crate::{Addresses, ChangeSignal, Limits, ServerState, Sessions, openapi::PREFIX, router};

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// A server that runs.
pub struct Server {
    url: Url,
    state: ServerState,
    serving: JoinHandle<io::Result<()>>,
    working: JoinHandle<()>,
    google: Google,
    store: Store,
}

impl Server {
    /// Starts one: when this returns it answers.
    ///
    /// # Errors
    /// What cannot be opened or listened on, in a sentence.
    pub async fn start(settings: Settings) -> Result<Self> {
        let listener = listen(settings.listen).await?;
        let url: Url = format!("http://{}", listener.local_addr()?).parse()?;
        let origin = settings.public_url.clone().unwrap_or_else(|| url.clone());
        let google = Google::open(&settings.google)?;
        let store = Store::open(settings.database.as_ref()).await?;
        // No process's number: in containers each has the same, and of one name they would take each other's leases.
        let name = format!("server {}", Uuid::new_v4());
        let service = service(&settings, &google, &store, &origin, &name)?;
        let work = Work::new(service, &store, name);

        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let changes = ChangeSignal::new();
        let addresses = Addresses { origin: origin.clone(), after_connect: "/".to_owned() };
        let mut limits = Limits::default();
        limits.requests_per_minute = settings.requests_per_minute.unwrap_or(limits.requests_per_minute);
        let state = ServerState::new(work.service().clone(), changes.clone(), addresses).with_limits(limits);
        let mut sessions = Sessions::new(settings.session_key, clock, origin);
        if let Some(header) = settings.identity_header {
            sessions = sessions.behind(header);
        }
        let mut routes = sessions.protect(router(state.clone()))?;
        if google.is_fake() {
            let mut demonstration = Demonstration::new(sessions, state.clone());
            demonstration.has_agent = google.is_own();
            routes = routes.merge(demonstration.routes(settings.web_dir.is_none()));
        }
        if let Some(directory) = &settings.web_dir {
            routes = routes.merge(page::routes(directory));
        }
        let working = tokio::spawn(work.run(changes, state.stop.clone()));
        let stop = state.stop.clone();
        let serving = tokio::spawn(async move {
            let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await
        });
        Ok(Self { url, state, serving, working, google, store })
    }

    /// Its root on this machine, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Takes no more requests, finishes those that run, ends feeds, and puts its work away.
    ///
    /// # Errors
    /// What could not be put away, in a sentence.
    pub async fn stop(self) -> Result<()> {
        self.state.stop.cancel();
        self.serving.await??;
        self.state.close().await;
        self.working.await?;
        self.store.close().await;
        self.google.close()?;
        Ok(())
    }
}

/// The port that was asked for; where it is only the usual one and taken, any.
async fn listen(wanted: Option<SocketAddr>) -> Result<TcpListener> {
    let usual = SocketAddr::from(([127, 0, 0, 1], 8787));
    let address = wanted.unwrap_or(usual);
    match TcpListener::bind(address).await {
        Err(error) if wanted.is_none() && error.kind() == io::ErrorKind::AddrInUse => {
            Ok(TcpListener::bind(SocketAddr::new(usual.ip(), 0)).await?)
        }
        bound => bound.map_err(|error| format!("cannot listen on {address} (THEO_LISTEN): {error}").into()),
    }
}

/// `name` tells this server from others on the same database.
fn service(
    settings: &Settings,
    google: &Google,
    store: &Store,
    origin: &Url,
    name: &str,
) -> Result<CalendarService> {
    let http = ReqwestClient::new()?;
    let oauth = google.registration(&settings.google);
    let tokens = RefreshingTokens::new(http.clone(), store.tokens(), SystemClock, oauth.clone())?;
    let mut client = CalendarClient::builder(http.clone(), tokens, SystemClock, TokioTimer);
    if let Some(root) = google.root() {
        client = client.base_url(root.clone());
    }
    let client = client.shared_limits(store.limits()).build()?;
    let at = |path: &str| format!("{}{PREFIX}/{path}", origin.as_str().trim_end_matches('/'));
    let mut service =
        CalendarService::new(store.storage(), client, Arc::new(SystemClock), Arc::new(Tzdb), name)
            .with_oauth(oauth, [at("connect/callback")])?;
    if origin.scheme() == "https" || google.is_fake() {
        service = service.with_webhooks(&at("webhook"))?;
    }
    if let Some(Embeddings { url, model, dimensions, key }) = &settings.embeddings {
        let mut embedder = HttpEmbedder::new(http, SystemClock, TokioTimer, url, model, *dimensions)?;
        if let Some(key) = key {
            embedder = embedder.with_key(key.clone());
        }
        service = service.with_embedder(Arc::new(embedder));
    }
    Ok(service)
}
