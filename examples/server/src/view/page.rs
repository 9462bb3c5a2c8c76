//! A part of a list.

use std::num::NonZeroU16;

use axum::http::{HeaderMap, HeaderValue, Uri, header};

use crate::read::number;

/// Which part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// How many at most; 50 where it is not given.
    pub(crate) limit: Option<NonZeroU16>,
    /// How many to pass over first.
    pub(crate) offset: Option<u32>,
}

const DEFAULT: u16 = 50;
const MOST: u16 = 250;

/// A number of things that a page may have.
pub(crate) fn limit<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NonZeroU16>, D::Error> {
    let limit: Option<NonZeroU16> = number(deserializer)?;
    if limit.is_some_and(|limit| limit.get() > MOST) {
        return Err(serde::de::Error::custom(format_args!("at most {MOST} come at once")));
    }
    Ok(limit)
}

impl Page {
    pub(crate) fn limit(self) -> usize {
        self.limit.map_or(DEFAULT, NonZeroU16::get).into()
    }

    pub(crate) fn offset(self) -> usize {
        self.offset.unwrap_or_default() as usize
    }
}

/// Says where the next page is, by a `Link` (RFC 8288), where there is one.
pub(crate) fn next_page(uri: &Uri, next_offset: Option<usize>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some(offset) = next_offset else { return headers };
    let query = uri.query().unwrap_or_default();
    let others = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "offset");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("offset", &offset.to_string())
        .finish();
    if let Ok(link) = HeaderValue::try_from(format!("<{}?{query}>; rel=\"next\"", uri.path())) {
        headers.insert(header::LINK, link);
    }
    headers
}
