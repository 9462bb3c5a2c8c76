//! Asking Python from within a call: a function of the host's, asynchronous or not, runs in the event loop of the task
//! that awaits the call, with its context variables.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyTuple},
};
use pyo3_async_runtimes::TaskLocals;
use theo_calendar::{Error, ErrorKind, Result};
use tokio::sync::oneshot;

use crate::runtime::{attached, locals};

/// A function of the host's.
pub(crate) struct Callback {
    function: Arc<Py<PyAny>>,
    /// The argument it was given by, for errors.
    argument: &'static str,
    /// How long it is waited for.
    patience: Duration,
}

impl Callback {
    pub(crate) fn new(function: Py<PyAny>, argument: &'static str, patience: Duration) -> Self {
        Self { function: Arc::new(function), argument, patience }
    }

    /// What the function gives for `arguments`, read by `read`. Dropped or out of time, its task is cancelled.
    ///
    /// # Errors
    /// [`ErrorKind::Timeout`]; of what it raises, the kind where that is a `CalendarError`, else
    /// [`ErrorKind::Unavailable`], with the exception as the error's source.
    pub(crate) async fn call<A, T>(
        &self,
        arguments: A,
        read: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T> + Send + 'static,
    ) -> Result<T>
    where
        A: for<'py> IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>
            + Send
            + 'static,
        T: Send + 'static,
    {
        let locals = locals().ok_or_else(|| self.failed("needs an event loop to run in"))?;
        let (answer, answered) = oneshot::channel();
        let running = Running { locals, task: Arc::default() };
        let (function, locals, task) = (self.function.clone(), running.locals.clone(), running.task.clone());
        attached(move |py| {
            let answer: Answer = Box::new(|given| {
                // Nobody may be waiting any more.
                let _ = answer.send(given.and_then(|given| read(&given)));
            });
            let reply = Reply { answer: Mutex::new(Some(answer)), task };
            let failed = arguments.into_pyobject(py).and_then(|arguments| {
                static START: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                let start = START.import(py, "theo_calendar._callbacks", "start")?;
                soon(&locals, py, (start, function.bind(py), arguments, reply))
            });
            // A closed loop: the answer is dropped, which says so.
            drop(failed);
        });
        match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(given)) => given.map_err(|error| self.raised(error)),
            Ok(Err(_)) => Err(self.failed("should run in an event loop that is closed")),
            Err(_) => {
                let message =
                    format!("{} gave nothing within {} seconds", self.argument, self.patience.as_secs_f64());
                Err(Error::new(ErrorKind::Timeout, message).with_ambiguity(false))
            }
        }
    }

    fn failed(&self, why: &str) -> Error {
        Error::new(ErrorKind::Unavailable, format!("{} {why}", self.argument)).with_ambiguity(false)
    }

    /// What it raised, as an error of the core: its own kind where it is a `CalendarError`.
    fn raised(&self, raised: PyErr) -> Error {
        Python::attach(|py| {
            let value = raised.value(py);
            let attribute = |name| value.getattr(name).ok();
            let code = attribute("kind").and_then(|kind| kind.extract::<String>().ok());
            let kind = ErrorKind::ALL.iter().copied().find(|kind| Some(kind.code()) == code.as_deref());
            let wait = attribute("retry_after").and_then(|wait| wait.extract::<f64>().ok());
            let wait = wait.and_then(|wait| Duration::try_from_secs_f64(wait).ok());
            let message = format!("{} raised {raised}", self.argument);
            let error = Error::new(kind.unwrap_or(ErrorKind::Unavailable), message).with_ambiguity(false);
            let error = error.with_source(raised);
            match wait {
                Some(wait) => error.with_retry_after(wait),
                None => error,
            }
        })
    }
}

type Answer = Box<dyn FnOnce(PyResult<Bound<'_, PyAny>>) + Send>;

/// Where a callback's task stands.
#[derive(Default)]
enum Task {
    #[default]
    Waiting,
    Begun(Py<PyAny>),
    /// Done, or no longer wanted.
    Over,
}

/// Cancels the task when nobody waits for it any more.
struct Running {
    locals: TaskLocals,
    task: Arc<Mutex<Task>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Task::Begun(task) = replace(&self.task, Task::Over) {
            let locals = self.locals.clone();
            attached(move |py| {
                // In a loop that is closed nothing runs any more.
                let _ = task.bind(py).getattr("cancel").and_then(|cancel| soon(&locals, py, (cancel,)));
            });
        }
    }
}

/// What `_callbacks.start` tells of its task.
#[pyclass(frozen)]
struct Reply {
    answer: Mutex<Option<Answer>>,
    task: Arc<Mutex<Task>>,
}

#[pymethods]
impl Reply {
    /// The task began.
    fn begun(&self, task: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Task::Over = replace(&self.task, Task::Begun(task.clone().unbind())) {
            replace(&self.task, Task::Over);
            task.call_method0(intern!(task.py(), "cancel"))?;
        }
        Ok(())
    }

    /// The task is done.
    fn done(&self, task: &Bound<'_, PyAny>) {
        replace(&self.task, Task::Over);
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(answer) = answer {
            answer(task.call_method0(intern!(task.py(), "result")));
        }
    }
}

fn replace(task: &Mutex<Task>, next: Task) -> Task {
    mem::replace(&mut *task.lock().unwrap_or_else(PoisonError::into_inner), next)
}

/// Has the event loop call `call`, a function with its arguments.
fn soon<'py>(
    locals: &TaskLocals,
    py: Python<'py>,
    call: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
) -> PyResult<()> {
    let context = PyDict::new(py);
    context.set_item(intern!(py, "context"), locals.context(py))?;
    let call = call.into_pyobject(py)?;
    locals.event_loop(py).getattr(intern!(py, "call_soon_threadsafe"))?.call(call, Some(&context))?;
    Ok(())
}
