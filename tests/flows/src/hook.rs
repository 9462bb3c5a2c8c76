//! Where Google notifies.

use axum::{Router, http::HeaderMap, http::StatusCode};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
};

/// A server that takes notifications and keeps their headers, in the order in which they came.
pub struct Hook {
    /// Its address.
    pub address: String,
    taken: UnboundedReceiver<HeaderMap>,
    server: JoinHandle<()>,
}

impl Hook {
    /// On a port of its own.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let (keep, taken) = unbounded_channel();
        let take = move |headers: HeaderMap| {
            // A test that is over wants no more.
            let _ = keep.send(headers);
            async { StatusCode::NO_CONTENT }
        };
        let server = tokio::spawn(async move {
            axum::serve(listener, Router::new().fallback(take)).await.unwrap();
        });
        Self { address, taken, server }
    }

    /// The next notification; waits for it.
    pub async fn next(&mut self) -> HeaderMap {
        self.taken.recv().await.unwrap()
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.server.abort();
    }
}
