//! The handle by which Rust tests start and steer a fake.

mod books;
mod steering;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use tokio::sync::oneshot;

use crate::channel::Channels;
use crate::clock::Clock;
use crate::generate::Generate;
use crate::seed::Seed;
use crate::server::{self, Shared};
use crate::state::State;

/// How a fake starts. Without a seed or a generator it is empty.
#[derive(Clone, Debug, Default)]
pub struct Config {
    port: u16,
    start: Option<DateTime<Utc>>,
    allow_http_webhooks: bool,
    seed: Option<Seed>,
    generate: Vec<Generate>,
}

impl Config {
    /// A free port, the machine's time, nobody there.
    pub fn new() -> Self {
        Self::default()
    }

    /// Listens on this port of loopback instead of a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Starts the clock here; it runs on by itself.
    #[must_use]
    pub fn starting_at(self, start: DateTime<Utc>) -> Self {
        Self { start: Some(start), ..self }
    }

    /// Notifies `http://` addresses too, which Google refuses.
    #[must_use]
    pub fn allow_http_webhooks(self) -> Self {
        Self { allow_http_webhooks: true, ..self }
    }

    /// Starts with the people, calendars and events of a seed.
    #[must_use]
    pub fn seed(self, seed: Seed) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Makes up calendars and events as well.
    #[must_use]
    pub fn generate(mut self, generate: Generate) -> Self {
        self.generate.push(generate);
        self
    }
}

/// A fake Google that runs on a thread of its own until dropped.
///
/// It brings its own runtime, so that tests on tokio, on smol or on none use it alike; every method here is
/// synchronous and returns at once.
#[derive(Debug)]
pub struct FakeGoogle {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeGoogle {
    /// Starts a fake; when this returns it answers.
    ///
    /// # Errors
    /// When the port is taken, or the seed names a zone or role that does not exist.
    pub fn spawn(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let mut state = State::new(Clock::new(config.start), Channels::new(config.allow_http_webhooks));
        if let Some(seed) = &config.seed {
            seed.plant(&mut state)?;
        }
        for generate in &config.generate {
            generate.plant(&mut state).map_err(|error| io::Error::other(error.message))?;
        }
        let shared = Arc::new(Shared::new(state, url));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let served = shared.clone();
        let thread = std::thread::Builder::new().name("fake-google".to_owned()).spawn(move || {
            runtime.block_on(async move {
                if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                    server::serve(listener, served, stopped).await;
                }
            });
            runtime.shutdown_background();
        })?;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The root for the API and for OAuth, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // The thread never panics by itself; if it does, there is nothing left to wait for.
            let _ = thread.join();
        }
    }
}

impl Drop for FakeGoogle {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Fails only when the server is gone already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
