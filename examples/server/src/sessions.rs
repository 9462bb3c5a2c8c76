//! The default authentication: a signed cookie that says who is signed in, and until when.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, SameSite, SignedCookieJar};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use theo_calendar::{id::UserId, time::Clock};
use tower_http::csrf::{ConfigError, CsrfLayer, ProtectionError};
use url::Url;
use uuid::Uuid;

pub use axum_extra::extract::cookie::Key;

use crate::{identity::Identity, problem::Problem};

/// How long a person stays signed in, at most: the cookie goes with the browser's session.
const LIFETIME: TimeDelta = TimeDelta::hours(12);

/// Sessions that live in a cookie alone: signed, so that nobody makes one up; read by no script; sent along by no page
/// of another site that changes anything. Signing out takes the cookie away; a copy of it is good until it ends.
#[derive(Clone)]
pub struct Sessions {
    key: Key,
    clock: Arc<dyn Clock>,
    origin: Url,
    proxy: Option<HeaderName>,
}

/// What the cookie says.
#[derive(Serialize, Deserialize)]
struct Ticket {
    user: UserId,
    session: String,
    until: DateTime<Utc>,
}

impl Sessions {
    /// Sessions signed by `key`, on the server that people reach at `origin`.
    pub fn new(key: Key, clock: Arc<dyn Clock>, origin: Url) -> Self {
        Self { key, clock, origin, proxy: None }
    }

    /// The same, where a proxy signs people in: it says who it is in `header`, of each request, and lets nobody else
    /// send that header. The cookie then only tells their sessions apart.
    #[must_use]
    pub fn behind(self, header: HeaderName) -> Self {
        Self { proxy: Some(header), ..self }
    }

    /// `router`, told by the cookie who is signed in. What would change anything is refused where another origin's page
    /// sent it: 403.
    ///
    /// # Errors
    /// When the origin is none of http or https.
    pub fn protect(&self, router: Router) -> Result<Router, ConfigError> {
        let csrf = CsrfLayer::new().add_trusted_origin(self.origin.origin().ascii_serialization())?;
        let csrf = csrf.with_rejection_response(|_: ProtectionError| cross_origin());
        Ok(router.layer(middleware::from_fn_with_state(self.clone(), identify)).layer(csrf))
    }

    /// The cookie that signs `user` in.
    pub fn begin(&self, user: UserId) -> SignedCookieJar {
        self.begun(user).0
    }

    fn begun(&self, user: UserId) -> (SignedCookieJar, Identity) {
        let session = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let identity = Identity { user: user.clone(), session: session.clone().into() };
        let ticket = Ticket { user, session, until: self.clock.now() + LIFETIME };
        // Three fields of text are always JSON.
        let json = serde_json::to_vec(&ticket).unwrap_or_default();
        (self.jar().add(self.cookie(BASE64URL_NOPAD.encode(&json))), identity)
    }

    /// The cookie that signs out whoever has it.
    pub fn end(&self) -> SignedCookieJar {
        let mut cookie = self.cookie(String::new());
        cookie.make_removal();
        self.jar().add(cookie)
    }

    fn identity(&self, headers: &HeaderMap) -> Option<Identity> {
        let jar = SignedCookieJar::from_headers(headers, self.key.clone());
        let json = BASE64URL_NOPAD.decode(jar.get(self.name())?.value().as_bytes()).ok()?;
        let ticket: Ticket = serde_json::from_slice(&json).ok()?;
        let session = SecretString::from(ticket.session);
        (self.clock.now() < ticket.until).then_some(Identity { user: ticket.user, session })
    }

    fn jar(&self) -> SignedCookieJar {
        SignedCookieJar::new(self.key.clone())
    }

    fn cookie(&self, value: String) -> Cookie<'static> {
        let cookie = Cookie::build((self.name(), value)).path("/").http_only(true).secure(self.is_secure());
        cookie.same_site(SameSite::Lax).build()
    }

    fn name(&self) -> &'static str {
        // The prefix keeps other hosts of the domain from setting it; browsers take it over https alone.
        if self.is_secure() { "__Host-theo_session" } else { "theo_session" }
    }

    fn is_secure(&self) -> bool {
        self.origin.scheme() == "https"
    }
}

async fn identify(State(sessions): State<Sessions>, mut request: Request, next: Next) -> Response {
    let (mut identity, mut cookie) = (sessions.identity(request.headers()), None);
    if let Some(header) = &sessions.proxy {
        let named = request.headers().get(header).and_then(|name| name.to_str().ok());
        let named = named.filter(|name| !name.is_empty()).map(UserId::from);
        identity = identity.filter(|identity| Some(&identity.user) == named.as_ref());
        if let (None, Some(user)) = (&identity, named) {
            let (jar, begun) = sessions.begun(user);
            (identity, cookie) = (Some(begun), Some(jar));
        }
    }
    if let Some(identity) = identity {
        request.extensions_mut().insert(identity);
    }
    (cookie, next.run(request).await).into_response()
}

fn cross_origin() -> Response {
    let detail = "a page of another origin sent this: only pages of this server's own may change anything";
    Problem::new(StatusCode::FORBIDDEN, "cross_origin", detail).into_response()
}
