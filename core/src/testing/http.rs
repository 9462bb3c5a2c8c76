//! Answers that a test wrote down.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;

use crate::http::{HttpClient, HttpError};

/// An HTTP client that gives the answers it was told, one a request, and writes the requests down.
///
/// Clones share both. A request beyond the last answer is an [`HttpError`].
#[derive(Clone, Debug, Default)]
pub struct ScriptedHttp(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    answers: VecDeque<Answer>,
    always: Option<(u16, Bytes)>,
    requests: Vec<http::Request<Bytes>>,
}

#[derive(Debug)]
enum Answer {
    Given(Result<http::Response<Bytes>, HttpError>),
    Never,
}

impl ScriptedHttp {
    /// The next request is answered with `status` and `body`.
    pub fn answer(&self, status: u16, body: impl Into<Bytes>) -> &Self {
        self.answer_with(response(status, body.into()))
    }

    /// The next request is answered with `response`.
    pub fn answer_with(&self, response: http::Response<Bytes>) -> &Self {
        self.script().answers.push_back(Answer::Given(Ok(response)));
        self
    }

    /// The next request fails with `error`.
    pub fn fail(&self, error: HttpError) -> &Self {
        self.script().answers.push_back(Answer::Given(Err(error)));
        self
    }

    /// The next request is never answered.
    pub fn hang(&self) -> &Self {
        self.script().answers.push_back(Answer::Never);
        self
    }

    /// Every request beyond those told otherwise is answered with `status` and `body`.
    pub fn always(&self, status: u16, body: impl Into<Bytes>) -> &Self {
        self.script().always = Some((status, body.into()));
        self
    }

    /// The requests so far, in their order.
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.script().requests.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl HttpClient for ScriptedHttp {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let answer = {
            let mut script = self.script();
            script.requests.push(request);
            let always = script.always.clone();
            script
                .answers
                .pop_front()
                .or_else(|| always.map(|(status, body)| Answer::Given(Ok(response(status, body)))))
        };
        match answer {
            Some(Answer::Given(answer)) => answer,
            Some(Answer::Never) => std::future::pending().await,
            None => Err(HttpError::unreachable("the test wrote down no answer to this request")),
        }
    }
}

fn response(status: u16, body: Bytes) -> http::Response<Bytes> {
    let mut response = http::Response::new(body);
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response
}
