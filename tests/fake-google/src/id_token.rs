//! Who consented: the ID token beside the tokens for a code, where `openid` was granted.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::grant::{ACCESS_TOKEN_SECONDS, Code};
use crate::oauth::secret;
use crate::state::State;

/// What Google makes of the short name `email`.
const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";

/// A scope by the name under which Google lists it as granted.
pub(crate) fn as_granted(scope: &str) -> String {
    if scope == "email" { EMAIL.to_owned() } else { scope.to_owned() }
}

/// Whether a scope only says who the person is.
pub(crate) fn is_sign_in(scope: &str) -> bool {
    scope == "openid" || scope == EMAIL
}

/// The token, whose signature nobody can check.
pub(crate) fn made(state: &mut State, code: &Code) -> Option<String> {
    if !code.scopes.contains("openid") {
        return None;
    }
    let now = state.clock.now().timestamp();
    let subject: String = HEXLOWER.encode(&Sha256::digest(&code.person)[..10]);
    let mut claims = json!({
        "iss": "https://accounts.google.com", "azp": code.client, "aud": code.client, "sub": subject,
        "iat": now, "exp": now + ACCESS_TOKEN_SECONDS + 1,
    });
    if code.scopes.contains(EMAIL) {
        claims["email"] = code.person.as_str().into();
        claims["email_verified"] = true.into();
    }
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let header = json!({ "alg": "RS256", "kid": "fake", "typ": "JWT" });
    Some(format!("{}.{}.{}", part(&header), part(&claims), secret(state, "")))
}
