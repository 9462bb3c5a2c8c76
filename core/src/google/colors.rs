//! The colours calendars and events may have.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Method;
use url::Url;

use super::{
    Call, Idempotency, Operation,
    request::{Builder, read_json},
};
use crate::{Result, model::google_object, time::Timestamp};

google_object! {
    /// The colours calendars and events may have, by id.
    pub struct Colors {
        /// Of calendars.
        "calendar" => calendar: BTreeMap<String, ColorDefinition>,
        /// Of events.
        "event" => event: BTreeMap<String, ColorDefinition>,
        /// Last change.
        "updated" => updated: Timestamp,
        /// `calendar#colors`.
        "kind" => kind: String,
    }
}

google_object! {
    /// A colour.
    pub struct ColorDefinition {
        /// Background, as `#0088aa`.
        "background" => background: String,
        /// What can be read on it, as `#ffffff`.
        "foreground" => foreground: String,
    }
}

/// The colours calendars and events may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetColors;

impl Call for GetColors {
    type Answer = Colors;

    fn operation(&self) -> Operation {
        Operation::ColorsGet
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        Builder::new(Method::GET, root, &["colors"])?.build()
    }

    fn read(&self, body: &[u8]) -> Result<Colors> {
        read_json(body)
    }
}
