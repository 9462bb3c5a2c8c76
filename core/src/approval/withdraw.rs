//! What is open on an account that the person disconnects is ended.

use super::{Approval, ApprovalState, Approvals, Principal};
use crate::{
    Error, ErrorKind, Result,
    audit::Actor,
    id::{AccountKey, ApprovalId},
    storage::ApprovalQuery,
};

/// How often an approval is looked at again that somebody else takes a step of meanwhile.
const TRIES: usize = 3;

impl Approvals {
    /// Ends all approvals on `account`: what was not begun is taken back, what is in doubt is read back once more, and
    /// where that does not say what became of it, it has failed, with a sentence that says just this.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] while another worker executes one; [`ErrorKind::Storage`].
    pub(crate) async fn end_all_of(&self, by: &Principal, account: &AccountKey) -> Result<Vec<ApprovalId>> {
        use ApprovalState::{Approved, Executing, Pending, Unknown};
        let states = vec![Pending, Approved, Executing, Unknown];
        let query = ApprovalQuery { states, ..ApprovalQuery::default() };
        let mut open = self.store.approvals(&account.user, &query).await?;
        open.retain(|approval| approval.request.action.account() == *account);
        for approval in &open {
            self.end(by, approval).await?;
        }
        Ok(open.into_iter().map(|approval| approval.id).collect())
    }

    async fn end(&self, by: &Principal, approval: &Approval) -> Result<()> {
        let mut tries = 0;
        loop {
            tries += 1;
            let current = self.store.approval(&approval.user, &approval.id).await?;
            match self.end_now(by, current).await {
                // Somebody was faster.
                Err(error) if error.kind() == ErrorKind::PreconditionFailed && tries < TRIES => {}
                ended => return ended,
            }
        }
    }

    async fn end_now(&self, by: &Principal, approval: Approval) -> Result<()> {
        let (approval, now) = match approval.state {
            state if state.is_terminal() => return Ok(()),
            ApprovalState::Pending | ApprovalState::Approved => {
                let notes = "the account was disconnected".to_owned();
                let withdrawn = approval.withdraw(by, notes, self.clock.now())?;
                self.commit(&approval, withdrawn, Actor::Principal(by.clone()), Vec::new()).await?;
                return Ok(());
            }
            _ => (self.look_into(&approval).await?, self.clock.now()),
        };
        if approval.state.is_terminal() {
            return Ok(());
        }
        let message = "the account was disconnected before it could be read back whether this was done: \
                       look in Google Calendar";
        let failed = approval.fail(&Error::new(ErrorKind::GrantRevoked, message), now)?;
        self.commit(&approval, failed, Actor::Principal(by.clone()), Vec::new()).await?;
        Ok(())
    }
}
