//! A person: the calendars in their list, their settings.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::cursor::first_epoch;

/// What a person may do with a calendar, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Role {
    FreeBusyReader,
    Reader,
    WriterWithoutPrivateAccess,
    Writer,
    Owner,
}

impl Role {
    const ALL: [Self; 5] =
        [Self::FreeBusyReader, Self::Reader, Self::WriterWithoutPrivateAccess, Self::Writer, Self::Owner];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FreeBusyReader => "freeBusyReader",
            Self::Reader => "reader",
            Self::WriterWithoutPrivateAccess => "writerWithoutPrivateAccess",
            Self::Writer => "writer",
            Self::Owner => "owner",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// One calendar in a person's list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) role: Role,
    /// What the person chose for themselves: colours, `summaryOverride`, reminders, `hidden`, `selected`.
    pub(crate) own: Map<String, Value>,
    pub(crate) etag: String,
    pub(crate) deleted: bool,
    /// The person's access was taken away.
    pub(crate) lost: bool,
    pub(crate) seq: u64,
}

/// A Google account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) seq: u64,
    pub(crate) epoch: u64,
    pub(crate) settings: BTreeMap<String, String>,
}

impl Person {
    pub(crate) fn new(email: &str, zone: Tz) -> Self {
        let settings = [
            ("autoAddHangouts", "true"),
            ("dateFieldOrder", "YMD"),
            ("defaultEventLength", "60"),
            ("format24HourTime", "true"),
            ("hideInvitations", "false"),
            ("hideWeekends", "false"),
            ("locale", "en"),
            ("remindOnRespondedEventsOnly", "false"),
            ("showDeclinedEvents", "true"),
            ("timezone", zone.name()),
            ("useKeyboardShortcuts", "true"),
            ("weekStart", "1"),
        ];
        Self {
            email: email.to_owned(),
            entries: BTreeMap::new(),
            seq: 0,
            epoch: first_epoch(),
            settings: settings.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        }
    }

    /// The person's access to a calendar, whether or not it still stands in their list.
    pub(crate) fn role(&self, calendar: &str) -> Option<Role> {
        self.entries.get(calendar).filter(|entry| !entry.lost).map(|entry| entry.role)
    }

    /// Adds a calendar to the list, or brings it back with what was chosen before.
    pub(crate) fn enlist(&mut self, calendar: &str, role: Role, etag: &str) {
        self.seq += 1;
        let (seq, primary) = (self.seq, calendar == self.email);
        let entry = self.entries.entry(calendar.to_owned()).or_insert_with(|| Entry {
            role,
            own: default_choices(primary),
            etag: String::new(),
            deleted: false,
            lost: false,
            seq,
        });
        entry.role = role;
        entry.deleted = false;
        entry.lost = false;
        entry.seq = seq;
        etag.clone_into(&mut entry.etag);
    }

    /// Marks an entry as the newest change of the list.
    pub(crate) fn touch(&mut self, calendar: &str, etag: &str) {
        self.seq += 1;
        if let Some(entry) = self.entries.get_mut(calendar) {
            entry.seq = self.seq;
            etag.clone_into(&mut entry.etag);
        }
    }
}

fn default_choices(primary: bool) -> Map<String, Value> {
    let mut own = Map::new();
    own.insert("colorId".into(), if primary { "14" } else { "7" }.into());
    own.insert("backgroundColor".into(), if primary { "#9fe1e7" } else { "#42d692" }.into());
    own.insert("foregroundColor".into(), "#000000".into());
    own.insert("selected".into(), true.into());
    let reminders = if primary { json!([{ "method": "popup", "minutes": 10 }]) } else { json!([]) };
    own.insert("defaultReminders".into(), reminders);
    if primary {
        let kinds = ["eventCreation", "eventChange", "eventCancellation", "eventResponse"];
        let list: Vec<Value> = kinds.iter().map(|kind| json!({ "type": kind, "method": "email" })).collect();
        own.insert("notificationSettings".into(), json!({ "notifications": list }));
    }
    own
}
