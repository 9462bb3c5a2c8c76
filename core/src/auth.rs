//! Who may do what: scopes and tokens.

pub mod scope;
mod token;

pub use token::{AccessToken, Freshness, StaticToken, TokenProvider};
