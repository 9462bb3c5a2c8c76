//! From the button to a stored grant.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use url::{Url, form_urlencoded};

use super::{
    Accounts, Registration,
    consent::{self, begun, hash, unknown},
};
use crate::{
    Error, ErrorKind, Result,
    approval::Principal,
    audit::{Actor, AuditEntry},
    auth::{
        Asking, TOKEN, TokenAnswer, connected_email,
        scope::{Capability, ScopeStatus},
    },
    id::{AccountId, AccountKey, UserId},
    random::random_token,
    storage::PendingConsent,
};

/// What a person is to be asked for.
#[derive(Clone, Debug)]
pub struct ConnectRequest {
    /// Who is signed in.
    pub user: UserId,
    /// What only their session has, such as the value of its cookie: the answer is taken in no other.
    pub session: SecretString,
    /// One of the addresses handed to [`with_oauth`](Accounts::with_oauth).
    pub redirect: String,
    /// What is wanted; Google asks for it one by one.
    pub capabilities: Vec<Capability>,
    /// The account that is to grant it, connected already; the person chooses one where none is named.
    pub account: Option<AccountId>,
}

/// An account that was connected, or granted more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// Which: the one the person chose on Google's page.
    pub account: AccountKey,
    /// What its grant is good for, with what was granted before.
    pub status: ScopeStatus,
    /// The scopes the person was asked for and did not grant: what needs them is refused, everything else works.
    pub declined: Vec<String>,
}

impl Accounts {
    /// Where to send the person, so that they connect an account or let one do more.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] without a registration, or when the redirect is none of its addresses to the byte;
    /// [`ErrorKind::Storage`].
    pub async fn connect_url(&self, request: &ConnectRequest) -> Result<Url> {
        let Registration { client, redirects } = self.registration()?;
        if !redirects.contains(&request.redirect) {
            let message =
                format!("{:?} is none of the redirect addresses named beforehand", request.redirect);
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let (state, consent) = (random_token(), begun(request, self.clock.now()));
        self.store.put_consent(&hash(&state), &consent).await?;
        Ok(client.authorization(&Asking {
            redirect: &consent.redirect,
            scopes: &consent.scopes,
            state: &state,
            verifier: &consent.verifier,
            account: consent.account.as_ref().map(AccountId::as_str),
        }))
    }

    /// Takes Google's answer: `query` is what stands behind the `?` of the address that the person came back to, who is
    /// signed in as `user` in `session`.
    ///
    /// Stores the grant as Google says it is, and writes an audit record. The account is not synced yet.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] for a state that is unknown, used before, another user's or of another session, and
    /// where another account answers than the one that was to grant more: of neither anything changes;
    /// [`ErrorKind::Expired`] after [`CONSENT_LIFETIME`](super::CONSENT_LIFETIME); [`ErrorKind::ScopeMissing`] when the
    /// person declined; [`ErrorKind::InvalidInput`] for what is no answer of Google's; [`ErrorKind::GrantRevoked`] for a
    /// code that is not good; those of the connection; [`ErrorKind::Storage`].
    pub async fn finish_connect(
        &self,
        user: &UserId,
        session: &SecretString,
        query: &str,
    ) -> Result<Connected> {
        let registration = self.registration()?;
        let answer = ConsentAnswer::read(query)?;
        let taken = self.store.take_consent(user, &hash(&answer.state)).await?;
        let consent = taken.ok_or_else(unknown)?;
        consent::check(&consent, session, self.clock.now())?;
        let tokens = self.exchange(registration, &consent, &answer.code?).await?;

        let now = self.clock.now();
        let id_token = tokens.id_token.as_deref().unwrap_or_default();
        let email = connected_email(id_token, &registration.client.id, now)?;
        let account = AccountKey { user: user.clone(), account: chosen(&consent, &email)? };
        let before = self.store.grant(&account).await?;
        let grant = tokens.grant(&consent.scopes, before.and_then(|before| before.refresh_token), now);
        self.store.put_grant(&account, &grant).await?;

        let status = ScopeStatus::of(&grant.scopes);
        let asked = consent.scopes.into_iter();
        let declined = asked.filter(|scope| status.missing.contains(scope)).collect();
        let connected = Connected { account, status, declined };
        self.store.append_audit(&connected.entry(now)).await?;
        Ok(connected)
    }

    async fn exchange(
        &self,
        registration: &Registration,
        consent: &PendingConsent,
        code: &str,
    ) -> Result<TokenAnswer> {
        let request = registration.client.exchange(code, &consent.verifier, &consent.redirect)?;
        let response = self.client.send(request).await.map_err(|error| error.with_operation(TOKEN))?;
        TokenAnswer::read(&response, self.clock.now())
    }
}

impl Connected {
    fn entry(&self, at: DateTime<Utc>) -> AuditEntry {
        let can = |yes: bool, what| if yes { what } else { "" };
        let read = can(self.status.has_read, " read");
        let write = can(self.status.has_write, " write");
        let settings = can(self.status.has_settings, " settings");
        AuditEntry {
            user: self.account.user.clone(),
            actor: Actor::Principal(Principal::User(self.account.user.clone())),
            action: "account.connected".to_owned(),
            approval: None,
            summary: format!("{} was connected, granting:{read}{write}{settings}", self.account.account),
            at,
        }
    }
}

/// What Google sends the person back with.
struct ConsentAnswer {
    state: String,
    code: Result<String>,
}

impl ConsentAnswer {
    fn read(query: &str) -> Result<Self> {
        let (mut state, mut code, mut refusal) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "state" => state = Some(value.into_owned()),
                "code" => code = Some(value.into_owned()),
                "error" => refusal = Some(value.into_owned()),
                _ => {}
            }
        }
        let no_answer = || Error::new(ErrorKind::InvalidInput, "this is no answer of Google's consent page");
        let code = match refusal {
            Some(reason) => Err(declined(&reason)),
            None => code.ok_or_else(no_answer),
        };
        Ok(Self { state: state.ok_or_else(no_answer)?, code })
    }
}

fn declined(reason: &str) -> Error {
    let reason: String = reason.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
    Error::new(ErrorKind::ScopeMissing, "the person did not consent; nothing was changed").with_reason(reason)
}

/// The account that answered, unless another was to. Its grant is left as it is, and not revoked: that would end what
/// the person granted through it before.
fn chosen(consent: &PendingConsent, email: &str) -> Result<AccountId> {
    match &consent.account {
        None => Ok(email.into()),
        Some(wanted) if wanted.as_str().eq_ignore_ascii_case(email) => Ok(wanted.clone()),
        Some(wanted) => {
            let message = format!("{wanted} was to grant this, and {email} answered; nothing was changed");
            Err(Error::new(ErrorKind::NotPermitted, message))
        }
    }
}
