//! Search, and the embeddings it stands on.
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod embedding;
mod home;
mod http_embedder;
mod model_change;
mod query;
mod text;
mod toy;
