//! Freezing a request: looking up in the mirror what it means and what it is shown with.

use uuid::Uuid;

use super::{Action, ActionRequest, Approval, Approvals, Ask, Look, Named, Principal, RecurrenceScope};
use crate::{
    Error, ErrorKind, Result,
    id::{ApprovalId, EventId, EventKey},
    recurrence::OriginalStart,
};

impl Approvals {
    /// The approval that `request` would be, not yet stored.
    pub(super) async fn freeze(
        &self,
        by: &Principal,
        request: ActionRequest,
        supersedes: Option<ApprovalId>,
    ) -> Result<Approval> {
        let key = request.action.calendar();
        if key.user != *by.user() {
            let message = format!("{by} cannot ask for a change to a calendar of another user");
            return Err(Error::new(ErrorKind::NotPermitted, message));
        }
        let calendar = self.store.calendar(&key).await?;
        let named = match request.action.event() {
            None => Named::default(),
            Some(event) => self.named(&request.action, &key.event(event.clone())).await?,
        };
        let id = ApprovalId::from(Uuid::new_v4().to_string());
        let look = Look::new(&id, &request, &calendar, named, &*self.zones)?;
        let scene = look.scene();
        let conflicts = scene.conflicts(&*self.store, by.user(), self.clock.now()).await?;
        let exceptions = self.store.events_by_key(by.user(), &scene.exceptions()).await?;
        let touched = scene.touched(exceptions.iter().map(|exception| &*exception.event));
        let preview = look.shown(conflicts, touched)?;
        let (snapshot, occurrence) = look.into_shown();
        let snapshot = snapshot.map(Box::new);
        let ask = Ask { id, requested_by: by.clone(), request, snapshot, occurrence, preview, supersedes };
        Approval::ask(ask, self.clock.now())
    }

    /// What is known of the event `key`. An occurrence that nobody changed by itself is in no mirror: where it alone is
    /// meant, Google is asked for it.
    async fn named(&self, action: &Action, key: &EventKey) -> Result<Named> {
        let event = match self.store.event(key).await {
            Ok(found) => Some((*found.event).clone()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let series = match &event {
            Some(event) => event.recurring_event_id.clone(),
            None => OriginalStart::in_id(key.event.as_str()).map(|(master, _)| EventId::from(master)),
        };
        let alone = action.scope() == RecurrenceScope::This;
        let Some(series) = series.filter(|_| !alone || event.is_none()) else {
            return Ok(Named { event, series: None });
        };
        let series = (*self.store.event(&key.calendar_key().event(series)).await?.event).clone();
        let event = match event {
            None if alone => {
                let account = self.google.for_account(&key.account_key());
                Some(account.event(&key.calendar, &key.event).await?)
            }
            event => event,
        };
        Ok(Named { event, series: Some(series) })
    }
}
