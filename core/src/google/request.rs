//! Building requests: every path segment and query value encoded, so that no id reaches beyond its place.

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use serde::{Serialize, de::DeserializeOwned};
use url::{Host, Url};

use crate::{Error, ErrorKind, Result, id::Etag};

/// A request to the API under a root, being built.
pub(crate) struct Builder {
    method: Method,
    url: Url,
    if_match: Option<Etag>,
    body: Bytes,
}

impl Builder {
    /// A request to `/calendar/v3/` and `path` under `root`; each of `path` is one segment, encoded here.
    pub(crate) fn new(method: Method, root: &Url, path: &[&str]) -> Result<Self> {
        let mut url = root.clone();
        url.set_query(None);
        url.set_fragment(None);
        for segment in path {
            if segment.is_empty() || matches!(*segment, "." | "..") || segment.chars().any(char::is_control) {
                let message = format!("{segment:?} cannot be the id of a calendar, event or setting");
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
        }
        url.path_segments_mut()
            .map_err(|()| {
                Error::new(ErrorKind::InvalidInput, format!("`{root}` cannot be the root of an API"))
            })?
            .pop_if_empty()
            .extend(["calendar", "v3"])
            .extend(path);
        Ok(Self { method, url, if_match: None, body: Bytes::new() })
    }

    /// The same, with `name=value` in its query.
    pub(crate) fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.url.query_pairs_mut().append_pair(name, value.as_ref());
        self
    }

    /// The same, with `name=value` in its query where there is a value.
    pub(crate) fn query_if(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.query(name, value.to_string()),
            None => self,
        }
    }

    /// The same, with `name=true` in its query where `value` holds.
    pub(crate) fn flag(self, name: &str, value: bool) -> Self {
        if value { self.query(name, "true") } else { self }
    }

    /// The same, to be applied only to the version named.
    pub(crate) fn if_match(mut self, etag: Option<&Etag>) -> Self {
        self.if_match = etag.cloned();
        self
    }

    /// The same, with a JSON body.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Result<Self> {
        self.body = serde_json::to_vec(body)
            .map_err(|error| {
                Error::new(ErrorKind::InvalidInput, format!("cannot be written as JSON: {error}"))
            })?
            .into();
        Ok(self)
    }

    /// The request.
    pub(crate) fn build(self) -> Result<http::Request<Bytes>> {
        let mut request = http::Request::builder().method(self.method.clone()).uri(self.url.as_str());
        request = request.header(header::ACCEPT, "application/json");
        if !self.body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        } else if self.method == Method::POST {
            request = request.header(header::CONTENT_LENGTH, "0");
        }
        if let Some(etag) = &self.if_match {
            let value = HeaderValue::from_str(etag.as_str())
                .map_err(|_| Error::new(ErrorKind::InvalidInput, "the etag cannot be sent in a header"))?;
            request = request.header(header::IF_MATCH, value);
        }
        request.body(self.body).map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "the request cannot be built").with_source(error)
        })
    }
}

/// Reads one object.
pub(crate) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let wrong = |error: &dyn std::fmt::Display| format!("the answer is not what Google documents: {error}");
    let text = str::from_utf8(body)
        .map_err(|error| Error::new(ErrorKind::MalformedResponse, wrong(&error)).with_source(error))?;
    serde_json::from_str(text)
        .map_err(|error| Error::new(ErrorKind::MalformedResponse, wrong(&error)).with_source(error))
}

/// Whether a bearer token may be sent under `url`: over https to anywhere the host configured, and without it only to
/// this very machine.
pub(crate) fn is_trusted(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let has_login = !url.username().is_empty() || url.password().is_some();
    !has_login && (url.scheme() == "https" && url.has_host() || url.scheme() == "http" && is_loopback)
}
