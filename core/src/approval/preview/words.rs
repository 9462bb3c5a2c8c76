//! The change in one sentence.

use super::Scene;
use crate::{
    approval::Action,
    model::{Event, ResponseStatus},
    text::one_line,
};

/// How much of a title a sentence shows.
pub(super) const TITLE: usize = 100;

impl Scene<'_> {
    /// One sentence for the person, the audit and the log.
    pub(super) fn summary(&self) -> String {
        let of = |event: Option<&Event>| event.and_then(|event| self.when(event));
        let on = |event: Option<&Event>| of(event).map(|when| format!(" on {when}")).unwrap_or_default();
        let title = quoted(self.before.or(self.after));
        let series = match self.before.is_some_and(Event::is_master) {
            true if self.follows => "this and all that follow of ",
            true => "the whole series ",
            false => "",
        };
        let sentence = match &self.request.action {
            Action::Create { .. } => format!("Create {title}{}", on(self.after)),
            Action::Delete { .. } => format!("Delete {series}{title}{}", on(self.before)),
            Action::Respond { response, .. } => {
                format!("{} {series}{title}{}", answer(response), on(self.before))
            }
            Action::Update { .. } => self.update_summary(series, &title),
        };
        match self.emails() {
            emails if emails.inside.len() + emails.outside.len() == 0 => sentence,
            emails => {
                format!("{sentence}; emails {}", counted(emails.inside.len() + emails.outside.len(), "guest"))
            }
        }
    }

    fn update_summary(&self, series: &str, title: &str) -> String {
        let changes = self.changes();
        let is_time = |field: &str| matches!(field, "start" | "end");
        let mut parts = Vec::new();
        if changes.iter().any(|change| change.field == "start")
            || changes.iter().any(|change| change.field == "end")
        {
            let when = |event: Option<&Event>| event.and_then(|event| self.when(event)).unwrap_or_default();
            parts.push(format!("Move {series}{title} from {} to {}", when(self.before), when(self.after)));
        }
        if changes.iter().any(|change| change.field == "summary") {
            parts.push(format!("Rename {series}{title} to {}", quoted(self.after)));
        }
        let others: Vec<&str> = changes
            .iter()
            .map(|change| change.field.as_str())
            .filter(|field| !is_time(field) && *field != "summary")
            .collect();
        if !others.is_empty() {
            parts.push(format!("Change {} of {series}{title}", others.join(", ")));
        }
        if parts.is_empty() {
            return format!("Change nothing of {series}{title}");
        }
        parts.join("; ")
    }
}

fn quoted(event: Option<&Event>) -> String {
    let title = event.and_then(|event| event.summary.as_deref()).unwrap_or("(no title)");
    format!("\"{}\"", one_line(title, TITLE).replace('"', "'"))
}

fn answer(response: &ResponseStatus) -> String {
    match response {
        ResponseStatus::Accepted => "Accept".to_owned(),
        ResponseStatus::Declined => "Decline".to_owned(),
        ResponseStatus::Tentative => "Answer maybe to".to_owned(),
        ResponseStatus::NeedsAction => "Take back the answer to".to_owned(),
        ResponseStatus::Other(word) => format!("Answer {} to", one_line(word, TITLE)),
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
