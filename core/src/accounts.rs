//! A person's Google accounts: connected, granting more, disconnected.
//!
//! The host shows the pages and knows who is signed in; Google asks the person. What is said between the two is here:
//!
//! ```text
//! connect_url ──► Google's consent page ──► the host's redirect address ──► finish_connect
//!     │ state, session, verifier: stored            code, state                │ taken once, checked, exchanged
//! ```

mod connect;
mod consent;
mod disconnect;
mod upgrade;

use std::{fmt, sync::Arc};

use crate::{
    Error, ErrorKind, Result, approval::Approvals, auth::OAuthClient, client::CalendarClient, google,
    storage::Storage, sync::Webhooks, time::Clock,
};

pub use connect::{ConnectRequest, Connected};
pub use consent::CONSENT_LIFETIME;
pub use disconnect::Disconnected;
pub use upgrade::{GrantedAccount, ScopeUpgrade};

/// Connects people's Google accounts by OAuth's code flow, with PKCE S256, and disconnects them.
///
/// - A consent is finished once, within ten minutes, by the user and in the session it was begun for, whichever process
///   Google's answer reaches. What does not fit is refused, and uses the consent up.
/// - Google sends the person back only to an address that was named beforehand, to the byte.
/// - Only what is asked for is asked: reading at first, writing when a change is to be made. What the person granted is
///   what Google's answer says, whatever was asked for.
/// - A person may connect several accounts. Each is named by its email address, in lower case.
#[derive(Clone)]
pub struct Accounts {
    store: Arc<dyn Storage>,
    client: CalendarClient,
    clock: Arc<dyn Clock>,
    approvals: Approvals,
    webhooks: Webhooks,
    registration: Option<Arc<Registration>>,
}

struct Registration {
    client: OAuthClient,
    redirects: Vec<String>,
}

impl Accounts {
    /// Over the seams of a host, without a registration at Google. What is open on an account that is disconnected is
    /// ended by `approvals` and `webhooks`.
    pub fn new(
        store: Arc<dyn Storage>,
        client: CalendarClient,
        clock: Arc<dyn Clock>,
        approvals: Approvals,
        webhooks: Webhooks,
    ) -> Self {
        Self { store, client, clock, approvals, webhooks, registration: None }
    }

    /// The same, with the host's registration at Google and the redirect addresses named there.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when an address is neither https nor this machine, or has a fragment.
    pub fn with_oauth(
        mut self,
        client: OAuthClient,
        redirects: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self> {
        client.check()?;
        let redirects: Vec<String> = redirects.into_iter().map(Into::into).collect();
        for redirect in &redirects {
            let url = url::Url::parse(redirect).ok().filter(google::is_trusted);
            if url.is_none_or(|url| url.fragment().is_some()) {
                let message = format!(
                    "Google cannot send people back to {redirect:?}: it must be https, or http to this machine, without a fragment"
                );
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
        }
        self.registration = Some(Arc::new(Registration { client, redirects }));
        Ok(self)
    }

    /// Forgets at most `limit` consents that nobody finished in time; gives how many.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn forget_expired(&self, limit: usize) -> Result<usize> {
        let expired = self.store.consents_expired(self.clock.now(), limit).await?;
        for (user, state_hash) in &expired {
            self.store.take_consent(user, state_hash).await?;
        }
        Ok(expired.len())
    }

    fn registration(&self) -> Result<&Registration> {
        self.registration.as_deref().ok_or_else(|| {
            let message = "there is no registration at Google: name it once, by `with_oauth`";
            Error::new(ErrorKind::InvalidInput, message)
        })
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client = self.registration.as_ref().map(|registration| &registration.client);
        f.debug_struct("Accounts").field("client", &client).finish_non_exhaustive()
    }
}
