//! Who gets an email.

use super::{Emails, Scene};
use crate::{
    approval::{Action, merge::address},
    model::{Event, SendUpdates},
};

impl Scene<'_> {
    /// Everybody Google may email: guests there are, guests added and guests removed, but not the person and no
    /// rooms. An answer goes to the organizer alone.
    ///
    /// `externalOnly` emails those who have no Google Calendar, which nobody can see from outside: all guests of other
    /// domains are named.
    pub(super) fn emails(&self) -> Emails {
        let mut emails = Emails::default();
        if self.request.send_updates == SendUpdates::None {
            return emails;
        }
        let mut seen = Vec::new();
        for event in [self.before, self.after].into_iter().flatten() {
            for email in self.recipients(event) {
                let email = email.to_ascii_lowercase();
                if email.is_empty() || self.is_own(&email) || seen.contains(&email) {
                    continue;
                }
                seen.push(email.clone());
                match self.is_inside(&email) {
                    true if self.request.send_updates == SendUpdates::ExternalOnly => {}
                    true => emails.inside.push(email),
                    false => emails.outside.push(email),
                }
            }
        }
        emails
    }

    fn recipients<'e>(&self, event: &'e Event) -> Vec<&'e str> {
        match self.request.action {
            Action::Respond { .. } => {
                event.organizer.iter().filter_map(|organizer| organizer.email.as_deref()).collect()
            }
            _ => {
                let people = event.attendees().iter().filter(|guest| guest.resource != Some(true));
                people.filter(|guest| guest.is_self != Some(true)).map(address).collect()
            }
        }
    }

    fn is_own(&self, email: &str) -> bool {
        let key = &self.calendar.key;
        [key.account.as_str(), key.calendar.as_str()].iter().any(|own| own.eq_ignore_ascii_case(email))
    }

    fn is_inside(&self, email: &str) -> bool {
        let own = self.own_domain();
        own.is_some_and(|own| domain(email).is_some_and(|other| own.eq_ignore_ascii_case(other)))
    }

    /// The domain of the account where it is named by its address, else that of the person's own seat.
    fn own_domain(&self) -> Option<&str> {
        let seats = [self.before, self.after].into_iter().flatten().flat_map(Event::attendees);
        let own = seats.filter(|guest| guest.is_self == Some(true)).map(address);
        std::iter::once(self.account().as_str()).chain(own).find_map(domain)
    }
}

fn domain(email: &str) -> Option<&str> {
    email.rsplit_once('@').map(|(_, domain)| domain)
}
