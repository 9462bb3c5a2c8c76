//! The end of an account here, and of its grant at Google.

use chrono::{DateTime, Utc};

use super::Accounts;
use crate::{
    Error, ErrorKind, Result,
    approval::Principal,
    audit::{Actor, AuditEntry},
    google,
    id::{AccountKey, ApprovalId},
    storage::Forgotten,
};

/// The operation that errors of it name.
const REVOKE: &str = "oauth2.revoke";

/// An account that was disconnected.
#[derive(Debug)]
pub struct Disconnected {
    /// Which.
    pub account: AccountKey,
    /// What went with it.
    pub forgotten: Forgotten,
    /// Approvals that were open: they are ended, each with its audit record.
    pub ended: Vec<ApprovalId>,
    /// How many push channels Google could not be told to close: they are ignored, and end by themselves within days.
    pub channels_left: usize,
    /// Why the grant could not be revoked at Google, where that is so: no token of it is here any more, and the person
    /// may take it back on their Google account's page.
    pub not_revoked: Option<Error>,
}

impl Accounts {
    /// Disconnects an account: ends what is open on it, closes its push channels, revokes its grant at Google, and
    /// forgets its rows, as [`AccountStore`](crate::storage::AccountStore) says. The audit stays, and says so.
    ///
    /// Only the rows must be forgotten: what Google cannot be told is in the answer. Where it breaks off, it is called
    /// again. At Google a grant is to the host as a whole: whoever else connected the same account here, as another
    /// user, must connect it again.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] for an agent; [`ErrorKind::NotFound`] for another user's account;
    /// [`ErrorKind::Busy`] while an approval on it is being executed: nothing is lost, try again;
    /// [`ErrorKind::Storage`].
    pub async fn disconnect(&self, by: &Principal, account: &AccountKey) -> Result<Disconnected> {
        check_person(by, account)?;
        let ended = self.approvals.end_all_of(by, account).await?;
        let channels_left = self.webhooks.stop_all(account).await?;
        let not_revoked = self.revoke(account).await.err();
        let audit = entry(by, account, not_revoked.as_ref(), self.clock.now());
        let forgotten = self.store.forget_account(account, &audit).await?;
        Ok(Disconnected { account: account.clone(), forgotten, ended, channels_left, not_revoked })
    }

    async fn revoke(&self, account: &AccountKey) -> Result<()> {
        let Some(grant) = self.store.grant(account).await? else { return Ok(()) };
        let token = grant.refresh_token.as_ref().unwrap_or(&grant.access_token);
        let request = self.registration()?.client.revocation(token)?;
        let response = self.client.send(request).await.map_err(|error| error.with_operation(REVOKE))?;
        if response.status().is_success() {
            return Ok(());
        }
        match google::refusal(REVOKE, false, &response, self.clock.now()) {
            // It was over already.
            error if error.reason() == Some("invalid_token") => Ok(()),
            error => Err(error),
        }
    }
}

fn check_person(by: &Principal, account: &AccountKey) -> Result<()> {
    if *by.user() != account.user {
        let message = format!("{by} has no account {}", account.account);
        return Err(Error::new(ErrorKind::NotFound, message));
    }
    if let Principal::Agent { name, .. } = by {
        let message = format!("agent {name} cannot disconnect {}: only the person can", account.account);
        return Err(Error::new(ErrorKind::NotPermitted, message));
    }
    Ok(())
}

fn entry(by: &Principal, account: &AccountKey, not_revoked: Option<&Error>, at: DateTime<Utc>) -> AuditEntry {
    let grant = match not_revoked {
        None => "its grant is revoked".to_owned(),
        Some(error) => format!("its grant could not be revoked at Google: {error}"),
    };
    AuditEntry {
        user: account.user.clone(),
        actor: Actor::Principal(by.clone()),
        action: "account.disconnected".to_owned(),
        approval: None,
        summary: format!("{} was disconnected and its rows deleted; {grant}", account.account),
        at,
    }
}
