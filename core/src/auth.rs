//! Who may do what: scopes and tokens.

mod refresh;
pub mod scope;
mod token;

pub use refresh::{OAuthClient, RefreshingTokens, TOKEN_URL};
pub use token::{AccessToken, Freshness, StaticToken, TokenProvider};
