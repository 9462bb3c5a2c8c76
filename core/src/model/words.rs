//! Google's enumerations, open: a word this version does not know is kept.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
            /// A word this version does not know.
            Other(Box<str>),
        }

        impl $name {
            /// The words of Google's that this version knows.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// Google's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    other => Self::Other(other.into()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct WordVisitor;
                impl de::Visitor<'_> for WordVisitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("a word for ", stringify!($name)))
                    }
                    fn visit_str<E: de::Error>(self, word: &str) -> Result<$name, E> {
                        Ok(word.into())
                    }
                }
                deserializer.deserialize_str(WordVisitor)
            }
        }
    )*};
}

words! {
    /// Whether an event takes place.
    EventStatus {
        /// It takes place.
        Confirmed = "confirmed",
        /// It may take place.
        Tentative = "tentative",
        /// It is cancelled (deleted).
        Cancelled = "cancelled",
    }
    /// What sort of event it is.
    EventType {
        /// A regular event.
        Default = "default",
        /// Out of office: declines what overlaps, where asked to.
        OutOfOffice = "outOfOffice",
        /// Focus time.
        FocusTime = "focusTime",
        /// Where the person works that day; takes no time.
        WorkingLocation = "workingLocation",
        /// A birthday; takes no time.
        Birthday = "birthday",
        /// Made by Google from a message.
        FromGmail = "fromGmail",
    }
    /// Who may see the event.
    Visibility {
        /// As the calendar's default says.
        Default = "default",
        /// Everybody who sees the calendar.
        Public = "public",
        /// Guests only.
        Private = "private",
        /// The old name of `private`.
        Confidential = "confidential",
    }
    /// Whether the event takes up time.
    Transparency {
        /// Busy.
        Opaque = "opaque",
        /// Free.
        Transparent = "transparent",
    }
    /// What a guest answered.
    ResponseStatus {
        /// Nothing yet.
        NeedsAction = "needsAction",
        /// No.
        Declined = "declined",
        /// Maybe.
        Tentative = "tentative",
        /// Yes.
        Accepted = "accepted",
    }
    /// What the person may do with a calendar.
    AccessRole {
        /// See when it is busy.
        FreeBusyReader = "freeBusyReader",
        /// Read events; private ones show only as busy.
        Reader = "reader",
        /// Write events, but not read private ones.
        WriterWithoutPrivateAccess = "writerWithoutPrivateAccess",
        /// Read and write events.
        Writer = "writer",
        /// Everything.
        Owner = "owner",
    }
    /// Who is emailed about a change.
    SendUpdates {
        /// Every guest.
        All = "all",
        /// Guests outside Google Calendar.
        ExternalOnly = "externalOnly",
        /// Nobody.
        None = "none",
    }
    /// How a reminder reaches the person.
    ReminderMethod {
        /// By email.
        Email = "email",
        /// On screen.
        Popup = "popup",
    }
    /// What happens to invitations during out of office or focus time.
    AutoDeclineMode {
        /// Nothing is declined.
        DeclineNone = "declineNone",
        /// All that overlap are declined.
        DeclineAllConflictingInvitations = "declineAllConflictingInvitations",
        /// New ones that overlap are declined.
        DeclineOnlyNewConflictingInvitations = "declineOnlyNewConflictingInvitations",
    }
    /// The sort of working location.
    WorkingLocationKind {
        /// At home.
        HomeOffice = "homeOffice",
        /// In an office.
        OfficeLocation = "officeLocation",
        /// Elsewhere.
        CustomLocation = "customLocation",
    }
}
