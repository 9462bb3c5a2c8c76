//! Asking for more, when it is needed.

use secrecy::SecretString;
use url::Url;

use super::{Accounts, ConnectRequest};
use crate::{
    Error, ErrorKind, Result,
    auth::scope::Capability,
    busy,
    id::{AccountKey, UserId},
};

/// What an account has not granted, and how it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeUpgrade {
    /// Which account.
    pub account: AccountKey,
    /// What it cannot be used for yet.
    pub capability: Capability,
    /// The scopes that are missing; Google asks for these alone, and adds them to what was granted before.
    pub missing: Vec<String>,
    /// What they are needed for, to be shown to the person.
    pub why: &'static str,
    /// Where to send the person; good for [`CONSENT_LIFETIME`](super::CONSENT_LIFETIME), once, in the session.
    pub url: Url,
}

/// An account that is connected, and what it granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedAccount {
    /// Which account.
    pub account: AccountKey,
    /// The scopes granted; none where the account is mirrored without a grant that is stored.
    pub scopes: Vec<String>,
}

impl Accounts {
    /// The accounts of `user` that are connected, or are mirrored by other means, by name, and what each granted.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn granted(&self, user: &UserId) -> Result<Vec<GrantedAccount>> {
        let mut granted = Vec::new();
        for account in busy::accounts(&*self.store, user).await? {
            let scopes = self.store.grant(&account).await?.map(|grant| grant.scopes).unwrap_or_default();
            granted.push(GrantedAccount { account, scopes });
        }
        Ok(granted)
    }

    /// What `account` has yet to grant for `capability`; none where it has.
    ///
    /// # Errors
    /// [`ErrorKind::GrantRevoked`] for an account that is not connected; those of
    /// [`connect_url`](Self::connect_url).
    pub async fn scope_upgrade(
        &self,
        account: &AccountKey,
        capability: Capability,
        session: &SecretString,
        redirect: &str,
    ) -> Result<Option<ScopeUpgrade>> {
        let grant = self.store.grant(account).await?.ok_or_else(|| {
            let message = format!("{} is not connected: ask the person to connect it", account.account);
            Error::new(ErrorKind::GrantRevoked, message)
        })?;
        if capability.is_granted_by(&grant.scopes) {
            return Ok(None);
        }
        let request = ConnectRequest {
            user: account.user.clone(),
            session: session.clone(),
            redirect: redirect.to_owned(),
            capabilities: vec![capability],
            account: Some(account.account.clone()),
        };
        Ok(Some(ScopeUpgrade {
            account: account.clone(),
            capability,
            missing: vec![capability.scope().to_owned()],
            why: capability.why(),
            url: self.connect_url(&request).await?,
        }))
    }
}
