//! The host's registration at Google, and the requests made in its name (RFC 6749, 7009, 7636). Sends nothing.

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::{Method, header};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

use crate::{Error, ErrorKind, Result, google};

/// Where Google asks people for consent.
pub const AUTHORIZATION_URL: &str = "https://accounts.google.com/o/oauth2/v2/auth";

/// Google's token endpoint.
pub const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";

/// Where Google is told that a grant is no longer wanted.
pub const REVOCATION_URL: &str = "https://oauth2.googleapis.com/revoke";

/// The host's own registration at Google.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// Client id.
    pub id: String,
    /// Client secret; none for a public client.
    pub secret: Option<SecretString>,
    /// Where people consent: [`AUTHORIZATION_URL`], or a fake's.
    pub authorization_url: Url,
    /// Where tokens come from: [`TOKEN_URL`], or a fake's.
    pub token_url: Url,
    /// Where grants are revoked: [`REVOCATION_URL`], or a fake's.
    pub revocation_url: Url,
}

/// What a consent is asked for with.
pub(crate) struct Asking<'a> {
    pub(crate) redirect: &'a str,
    pub(crate) scopes: &'a [String],
    pub(crate) state: &'a str,
    pub(crate) verifier: &'a SecretString,
    /// The account that is to consent; any where none is named.
    pub(crate) account: Option<&'a str>,
}

impl OAuthClient {
    /// A registration at Google.
    pub fn google(id: impl Into<String>, secret: Option<SecretString>) -> Self {
        let parsed = |url| Url::parse(url).expect("the three addresses are constants, and URLs");
        Self {
            id: id.into(),
            secret,
            authorization_url: parsed(AUTHORIZATION_URL),
            token_url: parsed(TOKEN_URL),
            revocation_url: parsed(REVOCATION_URL),
        }
    }

    /// The same registration at a fake Google under `root`.
    #[must_use]
    pub fn under(self, root: &Url) -> Self {
        let at = |path: &str| {
            let mut url = root.clone();
            url.set_path(path);
            url
        };
        Self {
            authorization_url: at("/o/oauth2/v2/auth"),
            token_url: at("/token"),
            revocation_url: at("/revoke"),
            ..self
        }
    }

    /// Whether secrets may be sent to its addresses.
    pub(crate) fn check(&self) -> Result<()> {
        let urls = [&self.authorization_url, &self.token_url, &self.revocation_url];
        if urls.into_iter().all(google::is_trusted) {
            return Ok(());
        }
        let message = "the OAuth addresses must be https, or http to this machine only, without a login";
        Err(Error::new(ErrorKind::InvalidInput, message))
    }

    /// Where the person is sent to consent.
    ///
    /// A refresh token comes only with `prompt=consent`, and covers what was granted before only with
    /// `include_granted_scopes` (Google's guide on OAuth for web servers).
    pub(crate) fn authorization(&self, asking: &Asking<'_>) -> Url {
        let mut url = self.authorization_url.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.id)
            .append_pair("redirect_uri", asking.redirect)
            .append_pair("scope", &asking.scopes.join(" "))
            .append_pair("state", asking.state)
            .append_pair("code_challenge", &challenge(asking.verifier))
            .append_pair("code_challenge_method", "S256")
            .append_pair("access_type", "offline")
            .append_pair("include_granted_scopes", "true");
        match asking.account {
            Some(account) => query.append_pair("prompt", "consent").append_pair("login_hint", account),
            None => query.append_pair("prompt", "consent select_account"),
        };
        drop(query);
        url
    }

    /// Tokens for a code, which is good once.
    pub(crate) fn exchange(
        &self,
        code: &str,
        verifier: &SecretString,
        redirect: &str,
    ) -> Result<http::Request<Bytes>> {
        let verifier = verifier.expose_secret();
        self.token_request(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", verifier),
            ("redirect_uri", redirect),
        ])
    }

    /// A new access token.
    pub(super) fn refresh(&self, refresh_token: &SecretString) -> Result<http::Request<Bytes>> {
        let refresh_token = refresh_token.expose_secret();
        self.token_request(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)])
    }

    /// The end of the grant that `token`, of either sort, belongs to.
    pub(crate) fn revocation(&self, token: &SecretString) -> Result<http::Request<Bytes>> {
        post(&self.revocation_url, &[("token", token.expose_secret())])
    }

    fn token_request(&self, fields: &[(&str, &str)]) -> Result<http::Request<Bytes>> {
        let mut fields = fields.to_vec();
        fields.push(("client_id", &self.id));
        if let Some(secret) = &self.secret {
            fields.push(("client_secret", secret.expose_secret()));
        }
        post(&self.token_url, &fields)
    }
}

/// What the server is shown of a verifier before it is shown the verifier (RFC 7636, S256).
fn challenge(verifier: &SecretString) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(verifier.expose_secret()))
}

fn post(url: &Url, fields: &[(&str, &str)]) -> Result<http::Request<Bytes>> {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    http::Request::builder()
        .method(Method::POST)
        .uri(url.as_str())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(form.into())
        .map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "the OAuth address is no address").with_source(error)
        })
}

#[cfg(test)]
mod tests {
    use super::challenge;

    #[test]
    fn a_verifiers_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let challenge = challenge(&"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());

        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
