//! Keys: Google's ids of calendars are unique only within an account, those of events only within a calendar.

use pyo3::prelude::*;
use theo_calendar::id;

use crate::value::values;

values! {
    /// One connected Google account of one person.
    ///
    /// >>> AccountKey("ada", "ada@example.com").calendar("primary")
    /// CalendarKey(user='ada', account='ada@example.com', calendar='primary')
    json AccountKey(id::AccountKey) {
        /// Whose: the host's own name of the person.
        user,
        /// Which of their accounts: its address, or any name the host chose.
        account,
    } with {
        #[new]
        fn new(user: &str, account: &str) -> Self {
            Self(id::AccountKey::new(user, account))
        }

        /// The key of a calendar of this account; `primary` is the account's own.
        fn calendar(&self, calendar: &str) -> CalendarKey {
            CalendarKey(self.0.calendar(calendar))
        }
    }

    /// One calendar as one account of one person sees it.
    json CalendarKey(id::CalendarKey) {
        /// Whose.
        user,
        /// Through which of their accounts.
        account,
        /// Google's id of it; `primary` for the account's own, wherever a key is taken.
        calendar,
    } with {
        #[new]
        fn new(user: &str, account: &str, calendar: &str) -> Self {
            Self(id::AccountKey::new(user, account).calendar(calendar))
        }

        /// The account it is seen through.
        #[getter]
        fn account_key(&self) -> AccountKey {
            AccountKey(self.0.account_key())
        }

        /// The key of an event of this calendar.
        fn event(&self, event: &str) -> EventKey {
            EventKey(self.0.event(event))
        }
    }

    /// One event of one calendar.
    json EventKey(id::EventKey) {
        /// Whose.
        user,
        /// Through which of their accounts.
        account,
        /// In which calendar.
        calendar,
        /// Google's id of it: of an occurrence of a series that nobody changed, `master_20250328T150000Z`.
        event,
    } with {
        #[new]
        fn new(user: &str, account: &str, calendar: &str, event: &str) -> Self {
            Self(id::AccountKey::new(user, account).calendar(calendar).event(event))
        }

        /// The account it is seen through.
        #[getter]
        fn account_key(&self) -> AccountKey {
            AccountKey(self.0.account_key())
        }

        /// The calendar it is in.
        #[getter]
        fn calendar_key(&self) -> CalendarKey {
            CalendarKey(self.0.calendar_key())
        }
    }
}
