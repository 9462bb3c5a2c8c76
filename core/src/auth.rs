//! Who may do what: scopes, tokens, and what is said to Google's OAuth server about them.
//!
//! Nothing here keeps a grant or asks a person: [`accounts`](crate::accounts) does.

mod id_token;
mod oauth_client;
mod refresh;
pub mod scope;
mod token;
mod token_answer;

pub(crate) use id_token::connected_email;
pub(crate) use oauth_client::Asking;
pub use oauth_client::{AUTHORIZATION_URL, OAuthClient, REVOCATION_URL, TOKEN_URL};
pub use refresh::RefreshingTokens;
pub use token::{AccessToken, Freshness, StaticToken, TokenProvider};
pub(crate) use token_answer::{TOKEN, TokenAnswer};
