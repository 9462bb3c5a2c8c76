//! Who is signed in.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use secrecy::SecretString;
use theo_calendar::{approval::Principal, id::UserId};

use crate::problem::Problem;

/// Who is signed in. The authentication layer puts it into the extensions of each request it knows the person of; the
/// routes trust nothing else, and answer 401 without it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// What only their session has: a consent at Google that is begun in it is finished in no other.
    pub session: SecretString,
}

impl Identity {
    pub(crate) fn principal(&self) -> Principal {
        Principal::User(self.user.clone())
    }
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", "nobody is signed in: sign in first")
        })
    }
}
