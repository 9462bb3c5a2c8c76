//! The HTTP side: routes, the accept loop, and connections that are dropped on purpose.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, Request, State as Extract};
use axum::middleware::from_fn;
use axum::routing::{MethodFilter, on};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

use crate::answer::Abort;
use crate::exchange;
use crate::operation::OPERATIONS;
use crate::state::State;
use crate::{control, cors, oauth};

/// What every request shares.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) url: String,
}

impl Shared {
    pub(crate) fn new(state: State, url: String) -> Self {
        Self { state: Mutex::new(state), url }
    }

    /// The state. A handler that panicked must not take the other tests' fake with it.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn method(name: &str) -> MethodFilter {
    match name {
        "GET" => MethodFilter::GET,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        _ => MethodFilter::DELETE,
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let mut router = Router::new();
    for operation in OPERATIONS {
        let handler =
            move |Extract(shared): Extract<Arc<Shared>>,
                  Path(path): Path<HashMap<String, String>>,
                  request: Request| exchange::api(operation, shared, path, request);
        router =
            router.route(&format!("/calendar/v3{}", operation.path), on(method(operation.method), handler));
    }
    let router = router.merge(oauth::routes()).merge(control::routes()).fallback(exchange::unknown);
    router.layer(from_fn(cors::allow)).with_state(shared)
}

/// Serves until `stop` resolves.
pub(crate) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stop: tokio::sync::oneshot::Receiver<()>,
) {
    let service = TowerToHyperService::new(router(shared));
    loop {
        let stream = tokio::select! {
            _ = &mut stop => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
        };
        // Only a matter of speed: without it small answers may wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let service = service_fn(move |request| {
            let answer = service.call(request);
            async move {
                let Ok(response) = answer.await;
                // An error instead of a response makes hyper close the connection without a word.
                if response.extensions().get::<Abort>().is_some() { Err(Dropped) } else { Ok(response) }
            }
        });
        tokio::spawn(async move {
            let mut http = hyper::server::conn::http1::Builder::new();
            // Ends with an error whenever a connection was dropped on purpose, or by the client.
            let _ = http.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The connection is dropped because a fault says so.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dropped by a fault")
    }
}

impl std::error::Error for Dropped {}
