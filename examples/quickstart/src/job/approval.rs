//! The agent asks, the person decides, and it is done once.

use theo_calendar::{
    approval::{APPROVAL_TAG, Action, ActionRequest, Approval, ApprovalState, Decision, Outcome, Principal},
    google::EventsView,
    id::CalendarKey,
    model::EventDraft,
    storage::{MirroredCalendar, MirroredEvent},
};

use super::{Job, Result};
use crate::report::{ApprovalLine, Executed, Report};

impl Job<'_> {
    /// Asks as the agent, decides as the person.
    pub(super) async fn approve(
        &self,
        calendar: &MirroredCalendar,
        draft: EventDraft,
        report: &mut Report,
    ) -> Result<Approval> {
        let agent = Principal::Agent { user: self.user.clone(), name: "theo".to_owned() };
        self.turn_down_what_was_left().await?;
        let action = Action::Create { calendar: calendar.key.clone(), draft: Box::new(draft) };
        let request = ActionRequest::new(action)
            .reason("You asked for a kickoff as soon as there is a free hour")
            .expires_in(self.arguments.expires_in);
        let asked = self.service.request(&agent, request).await?;
        self.terminal.heading("What the person is shown")?;
        self.terminal.line(&asked.preview.summary)?;
        for change in &asked.preview.changes {
            let after = change.after.as_deref().unwrap_or("(cleared)");
            self.terminal.line(&format!("  {:<12} {after}", change.field))?;
        }
        self.terminal.line(&format!(
            "  emails       {} people; conflicts caused: {}",
            asked.preview.emails.inside.len() + asked.preview.emails.outside.len(),
            asked.preview.conflicts_caused.len()
        ))?;

        let refused = self.service.decide(&agent, &asked.id, Decision::Approve { notes: None }).await;
        if let Err(error) = &refused {
            self.terminal.line(&format!("The agent tries to say yes by itself: {error}"))?;
        }
        self.clock.set_forward(self.arguments.decide_after.as_secs());
        let person = Principal::User(self.user.clone());
        let approved = self.service.decide(&person, &asked.id, Decision::Approve { notes: None }).await?;
        self.terminal
            .line(&format!("The person says yes: approval {} is {}", approved.id, approved.state))?;
        report.approval = Some((&approved).into());
        Ok(approved)
    }

    /// Executes twice, and counts what happened.
    pub(super) async fn execute(&self, approval: &Approval, report: &mut Report) -> Result<()> {
        self.terminal.heading("Execution")?;
        let executed = self.service.execute(&self.user, &approval.id).await?;
        report.approval = Some(ApprovalLine::from(&executed));
        let event = match (&executed.state, &executed.outcome) {
            (ApprovalState::Executed, Some(Outcome::Done { event, .. })) => event.clone(),
            (_, Some(Outcome::NotDone { message, .. } | Outcome::PartlyDone { message, .. })) => {
                return Err(message.clone().into());
            }
            (state, _) => return Err(format!("approval {} is {state}", approval.id).into()),
        };
        self.service.execute(&self.user, &approval.id).await?;
        let calendar = approval.request.action.calendar();
        let mirrored = self.service.event(&calendar.event(event.clone())).await?;
        let effects_seen = self.effects(&calendar, &mirrored).await?;
        self.terminal.line(&format!("Executed twice; Google has {effects_seen} event of it"))?;
        self.terminal.line(&format!(
            "In the mirror: {} (etag {}) {}",
            mirrored.event.summary.as_deref().unwrap_or_default(),
            mirrored.event.etag.as_ref().map_or("none", |etag| etag.as_str()),
            mirrored.event.html_link.as_deref().unwrap_or_default()
        ))?;
        report.executed = Some(Executed {
            event_id: event.to_string(),
            effects_seen,
            mirrored: Some((*mirrored.event).clone()),
        });
        Ok(())
    }

    /// A run that ended before the person decided left its request behind; nobody decides it any more.
    async fn turn_down_what_was_left(&self) -> Result<()> {
        let person = Principal::User(self.user.clone());
        for left in self.service.pending_approvals(&self.user).await? {
            let notes = Some("the run that asked had ended".to_owned());
            self.service.decide(&person, &left.id, Decision::Reject { notes }).await?;
            self.terminal.line(&format!(
                "An earlier run left a request undecided; the person says no: {}",
                left.preview.summary
            ))?;
        }
        Ok(())
    }

    /// How many events at Google carry the approval's mark.
    async fn effects(&self, calendar: &CalendarKey, mirrored: &MirroredEvent) -> Result<usize> {
        let mark = mirrored.event.private_property(APPROVAL_TAG).unwrap_or_default();
        let span = mirrored.span.ok_or("the event made has no time")?;
        let view = EventsView {
            private_extended_properties: vec![(APPROVAL_TAG.to_owned(), mark.to_owned())],
            time_min: Some(span.start()),
            time_max: Some(span.end()),
            ..EventsView::default()
        };
        let page = self.client.events_page(&calendar.calendar, &view.into(), None).await?;
        // Asked for by the query, and looked at again for servers that pass over it.
        Ok(page.events.iter().filter(|event| event.private_property(APPROVAL_TAG) == Some(mark)).count())
    }
}
