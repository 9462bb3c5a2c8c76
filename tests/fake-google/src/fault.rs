//! Faults a test asks for: which request they hit, how often, and what then happens.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum FaultKind {
    /// Answers this status and reason without doing anything.
    Status {
        /// HTTP status, for example 429.
        status: u16,
        /// Google's reason, for example `rateLimitExceeded`.
        reason: String,
        /// Seconds for a `Retry-After` header, which Google does not promise.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Waits before doing the work.
    Delay {
        /// How long, in milliseconds of real time.
        millis: u64,
    },
    /// Closes the connection without doing anything.
    DropBefore,
    /// Does the work, then closes the connection without an answer.
    DropAfter,
    /// Sends half of the promised body, then closes the connection.
    TruncateBody,
    /// Sends a gzip body that ends half way, although the HTTP message is whole.
    TruncateGzip,
    /// Gives the same page and the same page token again, for ever.
    RepeatPageToken,
    /// Refuses the page token with 400.
    ExpirePageToken,
    /// Answers 410 `fullSyncRequired`.
    ExpireSyncToken,
    /// Gives a page with no items that nevertheless has a next page token.
    EmptyPage,
    /// Accepts an event id that is taken; both events then exist.
    AcceptDuplicate,
    /// Refuses to watch, with 400 `pushNotSupportedForRequestedResource`.
    RefuseWatch,
    /// Revokes the caller's grant: this and every later request is 401.
    RevokeGrant,
}

/// A fault and the requests it hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// An operation such as `events.list`, `oauth.token`, or `*` for every one.
    pub operation: String,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many requests it hits; without it, every one until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// How many fitting requests pass before it begins.
    #[serde(default)]
    pub skip: u32,
    /// Only requests for this page of a listing, counted from 1.
    #[serde(default)]
    pub page: Option<u32>,
    /// Only requests about this calendar.
    #[serde(default)]
    pub calendar: Option<String>,
    /// Only requests of this person.
    #[serde(default)]
    pub person: Option<String>,
}

impl Fault {
    /// A fault that hits the next request of `operation`.
    pub fn once(operation: &str, kind: FaultKind) -> Self {
        Self::times(operation, 1, kind)
    }

    /// A fault that hits the next `times` requests of `operation`.
    pub fn times(operation: &str, times: u32, kind: FaultKind) -> Self {
        Self { times: Some(times), ..Self::always(operation, kind) }
    }

    /// A fault that hits every request of `operation` until the faults are cleared.
    pub fn always(operation: &str, kind: FaultKind) -> Self {
        let operation = operation.to_owned();
        Self { operation, kind, times: None, skip: 0, page: None, calendar: None, person: None }
    }

    /// The same, beginning only after `skip` fitting requests.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// The same, only for page `page` (from 1) of a listing.
    #[must_use]
    pub fn on_page(self, page: u32) -> Self {
        Self { page: Some(page), ..self }
    }

    /// The same, only for one calendar.
    #[must_use]
    pub fn for_calendar(self, calendar: &str) -> Self {
        Self { calendar: Some(calendar.to_owned()), ..self }
    }

    /// The same, only for one person.
    #[must_use]
    pub fn for_person(self, person: &str) -> Self {
        Self { person: Some(person.to_owned()), ..self }
    }
}

/// How a listing misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFault {
    Repeat,
    ExpirePage,
    ExpireSync,
    Empty,
}

/// What a request is, as far as faults ask.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    pub(crate) operation: &'a str,
    pub(crate) page: u32,
    pub(crate) calendar: &'a str,
    pub(crate) person: Option<&'a str>,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }

    /// The faults that hit this request, used up by it.
    pub(crate) fn take(&mut self, target: &Target<'_>) -> Vec<FaultKind> {
        let mut hit = Vec::new();
        self.0.retain_mut(|fault| {
            if !fits(fault, target) {
                return true;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                return true;
            }
            hit.push(fault.kind.clone());
            match &mut fault.times {
                None => true,
                Some(left) => {
                    *left = left.saturating_sub(1);
                    *left > 0
                }
            }
        });
        hit
    }
}

fn fits(fault: &Fault, target: &Target<'_>) -> bool {
    (fault.operation == "*" || fault.operation == target.operation)
        && fault.page.is_none_or(|page| page == target.page)
        && fault.calendar.as_deref().is_none_or(|calendar| calendar == target.calendar)
        && fault.person.as_deref().is_none_or(|person| Some(person) == target.person)
}
