//! Who may do what: scopes and tokens.

mod token;

pub use token::{AccessToken, Freshness, TokenProvider};
