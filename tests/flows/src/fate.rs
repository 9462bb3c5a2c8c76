//! When a process dies.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

/// Counts the points a process passes, and ends it at one of them.
///
/// A point lies before and after everything the process waits for: the core waits for nothing but its seams, so these
/// are all the places where it can be cut off. Clones are of one process.
#[derive(Clone, Debug, Default)]
pub struct Fate(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    reached: Mutex<Vec<String>>,
    dies_at: Option<usize>,
    dead: AtomicBool,
}

impl Fate {
    /// A process that lives to its end.
    pub fn lives() -> Self {
        Self::default()
    }

    /// A process that dies at point `number`, counted from 0.
    pub fn dies_at(number: usize) -> Self {
        Self(Arc::new(Inner { dies_at: Some(number), ..Inner::default() }))
    }

    /// The points it reached, in order.
    pub fn reached(&self) -> Vec<String> {
        self.0.reached.lock().unwrap().clone()
    }

    /// The point it died at; the last one it reached where it lives.
    pub fn died_at(&self) -> String {
        self.reached().pop().unwrap_or_default()
    }

    /// Passes a point; never returns where the process dies at it.
    pub async fn point(&self, name: &str) {
        let number = {
            let mut reached = self.0.reached.lock().unwrap();
            reached.push(name.to_owned());
            reached.len() - 1
        };
        if Some(number) == self.0.dies_at {
            self.0.dead.store(true, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
    }

    /// Runs `process` until it ends or dies; where it dies it is dropped, as it then stands.
    pub async fn run<F: Future>(&self, process: F) -> Option<F::Output> {
        let mut process = pin!(process);
        poll_fn(|context| match process.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.0.dead.load(Ordering::SeqCst) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}
