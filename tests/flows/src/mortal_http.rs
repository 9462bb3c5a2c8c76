//! An HTTP client whose process can die around each request.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use theo_calendar::http::{HttpClient, HttpError};

use crate::Fate;

/// Sends requests for a process that can die before one is sent, while it is under way, and after its answer.
#[derive(Clone)]
pub struct MortalHttp {
    real: Arc<dyn HttpClient>,
    fate: Fate,
    late: Arc<Mutex<Vec<Request<Bytes>>>>,
    before: Arc<Mutex<Option<Moment>>>,
}

/// Something that happens just before the next request of a method is sent.
pub struct Moment {
    method: Method,
    act: Box<dyn FnOnce() + Send>,
}

impl Moment {
    /// `act` happens just before the next request of `method`.
    pub fn before(method: Method, act: impl FnOnce() + Send + 'static) -> Self {
        Self { method, act: Box::new(act) }
    }
}

impl MortalHttp {
    /// `real`, for a process of that fate.
    pub fn new(real: Arc<dyn HttpClient>, fate: Fate) -> Self {
        Self { real, fate, late: Arc::default(), before: Arc::default() }
    }

    /// Lets `moment` happen.
    pub fn at(&self, moment: Moment) {
        *self.before.lock().unwrap() = Some(moment);
    }

    /// The request that was under way when the process died arrives now; gives the status it got.
    pub async fn deliver_late(&self) -> Option<u16> {
        let late = self.late.lock().unwrap().pop()?;
        Some(self.real.send(late).await.unwrap().status().as_u16())
    }
}

#[async_trait]
impl HttpClient for MortalHttp {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let name = format!("{} {}", request.method(), request.uri().path());
        self.fate.point(&format!("before {name}")).await;
        self.late.lock().unwrap().push(request.clone());
        self.fate.point(&format!("during {name}")).await;
        self.late.lock().unwrap().clear();
        let moment = self.before.lock().unwrap().take_if(|moment| moment.method == *request.method());
        if let Some(moment) = moment {
            (moment.act)();
        }
        let response = self.real.send(request).await;
        self.fate.point(&format!("after {name}")).await;
        response
    }
}
