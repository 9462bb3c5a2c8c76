//! The handle by which Rust tests start and steer a fake.

mod books;
mod steering;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
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
use crate::state_file::StateFile;

/// How a fake starts. Without a seed or a generator it is empty.
#[derive(Clone, Debug, Default)]
pub struct Config {
    port: u16,
    start: Option<DateTime<Utc>>,
    allow_http_webhooks: bool,
    seed: Option<Seed>,
    generate: Vec<Generate>,
    state_file: Option<PathBuf>,
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

    /// Goes on from what an earlier fake left in this file, tokens included, and leaves it there again when it stops.
    /// Seed and generator are for the first of them only. Where a fake was killed, its sync tokens answer 410.
    #[must_use]
    pub fn state_file(self, path: impl AsRef<Path>) -> Self {
        Self { state_file: Some(path.as_ref().to_owned()), ..self }
    }

    /// The world to start with.
    fn planted(&self, mut state: State) -> io::Result<State> {
        if let Some(seed) = &self.seed {
            seed.plant(&mut state)?;
        }
        for generate in &self.generate {
            generate.plant(&mut state).map_err(|error| io::Error::other(error.message))?;
        }
        Ok(state)
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
    file: Option<StateFile>,
    restored: bool,
}

impl FakeGoogle {
    /// Starts a fake; when this returns it answers.
    ///
    /// # Errors
    /// When the port is taken, the seed names a zone or role that does not exist, or the state file cannot be read or
    /// written; `ResourceBusy` while another process uses that file.
    pub fn spawn(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let mut file = config.state_file.as_deref().map(StateFile::take).transpose()?;
        let channels = || Channels::new(config.allow_http_webhooks);
        let kept = file.as_ref().map(|file| file.read(config.start, channels)).transpose()?.flatten();
        let restored = kept.is_some();
        let state = match kept {
            Some(state) => state,
            None => config.planted(State::new(Clock::new(config.start), channels()))?,
        };
        if let Some(file) = &mut file {
            file.begin()?;
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
        Ok(Self { shared, stop: Some(stop), thread: Some(thread), file, restored })
    }

    /// The root for the API and for OAuth, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Whether it went on from what an earlier fake left in the state file.
    pub fn is_restored(&self) -> bool {
        self.restored
    }

    /// Stops serving, and puts the state away where there is a file for it. Dropping does the same without a word.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn close(mut self) -> io::Result<()> {
        self.stop()
    }

    fn stop(&mut self) -> io::Result<()> {
        if let Some(stop) = self.stop.take() {
            // Fails only when the server is gone already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // The thread never panics by itself; if it does, there is nothing left to wait for.
            let _ = thread.join();
        }
        match self.file.take() {
            Some(file) => file.put_away(&self.shared.lock()),
            None => Ok(()),
        }
    }
}

impl Drop for FakeGoogle {
    fn drop(&mut self) {
        // Who wants to know calls `close`.
        let _ = self.stop();
    }
}
