//! The runtime that calls of the service run on: one of tokio for each process, started when it is first needed.
//!
//! A forked child has none of its parent's threads. So it gets a runtime of its own, and the parent's is left as it is.

use std::{
    cell::OnceCell,
    future::Future,
    io,
    panic::AssertUnwindSafe,
    pin::Pin,
    process,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use pyo3::prelude::*;
use pyo3_async_runtimes::{
    TaskLocals,
    generic::{self, ContextExt},
};
use theo_calendar::{Error, ErrorKind};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::{JoinError, JoinHandle},
};

use crate::{
    error::{internal, raised},
    value::ToPython,
    work::guarded,
};

/// Threads that hand results to Python. They wait for the GIL, so that more of them would bring nothing.
const HANDS: usize = 4;

/// How long the end of the interpreter waits for what runs: all of it is dropped where it next waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// What `work` gives, as an awaitable of the running event loop. Cancelling that drops the work.
///
/// A panic in it is raised as an `InternalError`: see [`detached`](crate::work::detached).
///
/// # Errors
/// `UnavailableError` where no runtime can be started.
pub(crate) fn awaitable<'py, T: ToPython + Send + 'static>(
    py: Python<'py>,
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    // What cannot be started is told here, where it can be raised; tokio panics where it gets no thread.
    guarded(started)?.map_err(|error| {
        let message = format!("the runtime that calls run on cannot be started: {error}");
        raised(Error::new(ErrorKind::Unavailable, message))
    })?;
    // Boxed, so that the layers around it are compiled once, and move a pointer.
    let work: BoxFuture<'static, Result<Box<dyn ToPython + Send>, Failure>> =
        Box::pin(async { work.await.map(|value| Box::new(value) as Box<_>) });
    let caught = AssertUnwindSafe(work).catch_unwind();
    let answer = async { Ok(Answer(caught.await.unwrap_or(Err(Failure::Panicked)))) };
    generic::future_into_py::<Tokio, _, _>(py, answer)
}

/// The event loop and the context of the call that is running.
pub(crate) fn locals() -> Option<TaskLocals> {
    Tokio::get_task_locals()
}

/// Runs `work` on a thread that may wait for the GIL.
pub(crate) fn attached(work: impl FnOnce(Python<'_>) + Send + 'static) {
    handle().spawn_blocking(|| {
        // None where the interpreter is ending: nobody waits for it then.
        let _ = Python::try_attach(work);
    });
}

/// Why a call failed.
pub(crate) enum Failure {
    Core(Error),
    /// Something that Python raised.
    Python(PyErr),
    Panicked,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

/// Made an object of Python, or an exception, only where the GIL is held.
struct Answer(Result<Box<dyn ToPython + Send>, Failure>);

impl<'py> IntoPyObject<'py> for Answer {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self.0 {
            Ok(value) => value.to_python(py),
            Err(Failure::Core(error)) => Err(raised(error)),
            Err(Failure::Python(error)) => Err(error),
            Err(Failure::Panicked) => Err(internal()),
        }
    }
}

/// This process's runtime, and which process that is.
///
/// Outside the runtime it is locked only while the GIL is held, as it is at a fork: so a child never finds it locked.
static RUNTIME: Mutex<Option<(u32, Runtime)>> = Mutex::new(None);

fn handle() -> Handle {
    Handle::try_current()
        .or_else(|_| started())
        .expect("a process that began a call has started its runtime, and can start another")
}

/// The runtime, started where there is none yet.
///
/// # Errors
/// Where the process may open no more files.
fn started() -> io::Result<Handle> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let process = process::id();
    if let Some((of, runtime)) = &*runtime
        && *of == process
    {
        return Ok(runtime.handle().clone());
    }
    let started = Builder::new_multi_thread()
        .enable_all()
        .thread_name("theo-calendar")
        .max_blocking_threads(HANDS)
        .build()?;
    let handle = started.handle().clone();
    forget_parents(runtime.replace((process, started)));
    Ok(handle)
}

/// Ends the runtime before the interpreter ends: no thread may ask for the GIL after that. Called at exit.
#[pyfunction]
pub(crate) fn shut_down(py: Python<'_>) {
    let runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner).take();
    match runtime {
        Some((of, runtime)) if of == process::id() => py.detach(|| runtime.shutdown_timeout(PATIENCE)),
        parents => forget_parents(parents),
    }
}

/// In a child there is nothing of its parent's runtime that could be shut down.
fn forget_parents(runtime: Option<(u32, Runtime)>) {
    std::mem::forget(runtime);
}

/// The runtime as pyo3-async-runtimes wants it.
struct Tokio;

tokio::task_local! {
    static LOCALS: OnceCell<TaskLocals>;
}

impl generic::Runtime for Tokio {
    type JoinError = JoinError;
    type JoinHandle = JoinHandle<()>;

    fn spawn<F: Future<Output = ()> + Send + 'static>(future: F) -> Self::JoinHandle {
        handle().spawn(future)
    }

    fn spawn_blocking<F: FnOnce() + Send + 'static>(work: F) -> Self::JoinHandle {
        handle().spawn_blocking(work)
    }
}

impl ContextExt for Tokio {
    fn scope<F, R>(locals: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        Box::pin(LOCALS.scope(OnceCell::from(locals), future))
    }

    fn get_task_locals() -> Option<TaskLocals> {
        LOCALS.try_with(|locals| locals.get().cloned()).ok().flatten()
    }
}
