//! The web page, as it was built: one document, and assets whose names change with what is in them.

use std::path::Path;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
};
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

/// Only the page's own files run, and nothing that is written into the page does; WebAssembly is what finds conflicts.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The page in `directory` at the root.
pub(super) fn routes(directory: &Path) -> Router {
    let fixed =
        |name: HeaderName, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let document = Router::new()
        .route_service("/", ServeFile::new(directory.join("index.html")))
        .layer(fixed(header::CACHE_CONTROL, "no-cache"))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"));
    let assets = Router::new()
        .nest_service("/assets", ServeDir::new(directory.join("assets")))
        .layer(fixed(header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    document.merge(assets).layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
}
