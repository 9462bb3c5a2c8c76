//! Names of things: one type each, so that none is taken for another.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<Arc<str>>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        // By hand: serde's own for `Arc<str>` copies the text twice.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct NameVisitor;
                impl de::Visitor<'_> for NameVisitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        Ok(text.into())
                    }
                }
                deserializer.deserialize_str(NameVisitor)
            }
        }
    )*};
}

names! {
    /// A person, as the host names them: the tenant every row belongs to.
    UserId;
    /// One connected Google account of a person: its email address, or any name the host chose.
    AccountId;
    /// A calendar as Google names it: an email-like address. `primary` is resolved before it gets here.
    CalendarId;
    /// An event as Google names it: unique only within its calendar.
    EventId;
    /// A request for approval.
    ApprovalId;
    /// A push channel.
    ChannelId;
    /// A version of an event or calendar, quotes included, compared for equality only.
    Etag;
    /// Where a listing ended, so that the next one brings only what changed.
    SyncToken;
    /// The next page of a listing.
    PageToken;
}

/// One connected account of one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    /// Whose.
    pub user: UserId,
    /// Which of their accounts.
    pub account: AccountId,
}

/// One calendar as one account of one person sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CalendarKey {
    /// Whose.
    pub user: UserId,
    /// Through which of their accounts.
    pub account: AccountId,
    /// Google's id.
    pub calendar: CalendarId,
}

/// One event of one calendar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventKey {
    /// Whose.
    pub user: UserId,
    /// Through which of their accounts.
    pub account: AccountId,
    /// In which calendar.
    pub calendar: CalendarId,
    /// Google's id.
    pub event: EventId,
}

impl AccountKey {
    /// The key of `account` of `user`.
    pub fn new(user: impl Into<UserId>, account: impl Into<AccountId>) -> Self {
        Self { user: user.into(), account: account.into() }
    }

    /// The key of a calendar of this account.
    pub fn calendar(&self, calendar: impl Into<CalendarId>) -> CalendarKey {
        CalendarKey { user: self.user.clone(), account: self.account.clone(), calendar: calendar.into() }
    }
}

impl CalendarKey {
    /// The account it is seen through.
    pub fn account_key(&self) -> AccountKey {
        AccountKey { user: self.user.clone(), account: self.account.clone() }
    }

    /// The key of an event of this calendar.
    pub fn event(&self, event: impl Into<EventId>) -> EventKey {
        EventKey {
            user: self.user.clone(),
            account: self.account.clone(),
            calendar: self.calendar.clone(),
            event: event.into(),
        }
    }
}

impl EventKey {
    /// The account it is seen through.
    pub fn account_key(&self) -> AccountKey {
        AccountKey { user: self.user.clone(), account: self.account.clone() }
    }

    /// The calendar it is in.
    pub fn calendar_key(&self) -> CalendarKey {
        CalendarKey {
            user: self.user.clone(),
            account: self.account.clone(),
            calendar: self.calendar.clone(),
        }
    }
}
