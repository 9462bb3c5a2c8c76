//! The facade's part on accounts: connected, granting more, disconnected.

use std::collections::BTreeSet;

use secrecy::SecretString;
use url::Url;

use super::CalendarService;
use crate::{
    Result,
    accounts::{ConnectRequest, Connected, Disconnected, GrantedAccount, ScopeUpgrade},
    approval::Principal,
    auth::{OAuthClient, scope::Capability},
    busy,
    id::{AccountKey, UserId},
};

impl CalendarService {
    /// The same, letting people connect accounts through the host's registration at Google: see [`Accounts`](crate::accounts::Accounts).
    ///
    /// # Errors
    /// Those of [`Accounts::with_oauth`](crate::accounts::Accounts::with_oauth).
    pub fn with_oauth(
        mut self,
        client: OAuthClient,
        redirects: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self> {
        self.accounts = self.accounts.with_oauth(client, redirects)?;
        Ok(self)
    }

    /// Where to send a person, so that they connect an account.
    ///
    /// # Errors
    /// Those of [`Accounts::connect_url`](crate::accounts::Accounts::connect_url).
    pub async fn connect_url(&self, request: &ConnectRequest) -> Result<Url> {
        self.accounts.connect_url(request).await
    }

    /// Takes Google's answer, once, and lets the account be synced by the ticks from now on.
    ///
    /// # Errors
    /// Those of [`Accounts::finish_connect`](crate::accounts::Accounts::finish_connect).
    pub async fn finish_connect(
        &self,
        user: &UserId,
        session: &SecretString,
        query: &str,
    ) -> Result<Connected> {
        let connected = self.accounts.finish_connect(user, session, query).await?;
        self.sync.account_connected(&connected.account).await?;
        Ok(connected)
    }

    /// What an account has yet to grant for `capability`, why, and where; none where it has.
    ///
    /// # Errors
    /// Those of [`Accounts::scope_upgrade`](crate::accounts::Accounts::scope_upgrade).
    pub async fn scope_upgrade(
        &self,
        account: &AccountKey,
        capability: Capability,
        session: &SecretString,
        redirect: &str,
    ) -> Result<Option<ScopeUpgrade>> {
        self.accounts.scope_upgrade(account, capability, session, redirect).await
    }

    /// The accounts of `user` that are connected, or are mirrored by other means, by name.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage).
    pub async fn accounts(&self, user: &UserId) -> Result<BTreeSet<AccountKey>> {
        busy::accounts(&*self.store, user).await
    }

    /// The same accounts, with what each granted.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage).
    pub async fn granted_accounts(&self, user: &UserId) -> Result<Vec<GrantedAccount>> {
        self.accounts.granted(user).await
    }

    /// Disconnects an account: its rows are forgotten, its grant is revoked at Google, its audit stays.
    ///
    /// # Errors
    /// Those of [`Accounts::disconnect`](crate::accounts::Accounts::disconnect).
    pub async fn disconnect(&self, by: &Principal, account: &AccountKey) -> Result<Disconnected> {
        self.accounts.disconnect(by, account).await
    }
}
