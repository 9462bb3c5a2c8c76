//! Push channels, and what comes through them.

use http::{HeaderMap, HeaderName, HeaderValue};
use pyo3::prelude::*;
use theo_calendar::{
    storage,
    sync::{Received, Registration},
};

use crate::{
    value::{ToPython, values},
    words::Words,
};
values! {
    /// A push channel that is open.
    json Channel(storage::Channel) {
        /// Our name of it: `X-Goog-Channel-ID` of each notification.
        id,
        /// What it reports on: a calendar, or an account whose list of calendars it is.
        resource,
        /// Google's name of what is watched.
        resource_id,
        /// When Google stops sending.
        expires_at,
    }
}

/// The channel; none where Google refuses push.
impl ToPython for Registration {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Opened(channel) => channel.to_python(py),
            Self::Refused => Ok(py.None().into_bound(py)),
        }
    }
}

impl ToPython for Received {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (resource, sync_at, ignored) = match self {
            Self::Changed { resource, sync_at } => (Some(resource), Some(sync_at), None),
            Self::Handshake => (None, None, None),
            Self::Ignored(disbelief) => (None, None, Some(Words::to_python(disbelief, py)?)),
        };
        let fields = (resource.to_python(py)?, sync_at.to_python(py)?, ignored);
        py.import("theo_calendar._webhooks")?.getattr("Received")?.call1(fields)
    }
}

/// What of `headers` HTTP allows: Google's are, so that without the others nothing of its is missing.
pub(super) fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let header = |(name, value): &(String, String)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
    };
    headers.iter().filter_map(header).collect()
}
