//! The person's settings.

use bytes::Bytes;
use http::Method;
use url::Url;

use super::{
    Call, Idempotency, Operation,
    request::{Builder, read_json},
};
use crate::{
    Result,
    id::{Etag, PageToken, SyncToken},
    model::google_object,
};

google_object! {
    /// A setting.
    pub struct Setting {
        required {
            /// Its name: `timezone`, `weekStart`, `format24HourTime` and others.
            "id" => id: String,
        }
        /// Its value, whose shape hangs on the name.
        "value" => value: String,
        /// Version.
        "etag" => etag: Etag,
        /// `calendar#setting`.
        "kind" => kind: String,
    }
}

google_object! {
    /// A page of settings.
    pub struct SettingsResponse {
        /// The settings.
        "items" => items: Vec<Setting>,
        /// The next page, where there is one.
        "nextPageToken" => next_page_token: PageToken,
        /// Where the listing ended.
        "nextSyncToken" => next_sync_token: SyncToken,
        /// Version of the page.
        "etag" => etag: Etag,
        /// `calendar#settings`.
        "kind" => kind: String,
    }
}

/// One page of the person's settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListSettings {
    /// Which page; none for the first.
    pub page: Option<PageToken>,
}

impl Call for ListSettings {
    type Answer = SettingsResponse;

    fn operation(&self) -> Operation {
        Operation::SettingsList
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        Builder::new(Method::GET, root, &["users", "me", "settings"])?
            .query_if("pageToken", self.page.as_ref())
            .build()
    }

    fn read(&self, body: &[u8]) -> Result<SettingsResponse> {
        read_json(body)
    }
}

/// One of the person's settings.
#[derive(Clone, Debug, PartialEq)]
pub struct GetSetting {
    /// Its name.
    pub id: String,
}

impl Call for GetSetting {
    type Answer = Setting;

    fn operation(&self) -> Operation {
        Operation::SettingsGet
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        Builder::new(Method::GET, root, &["users", "me", "settings", &self.id])?.build()
    }

    fn read(&self, body: &[u8]) -> Result<Setting> {
        read_json(body)
    }
}
