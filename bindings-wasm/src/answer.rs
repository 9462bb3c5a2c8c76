//! What goes over to JavaScript: one run of numbers, which `js/answer.js` reads in the order in which it is written here.

use chrono::{DateTime, NaiveDate, Utc};
use theo_calendar::{recurrence::OriginalStart, time::TimeRange};

/// Written from the front.
#[derive(Default)]
pub(crate) struct Answer(Vec<f64>);

impl Answer {
    pub(crate) fn into_numbers(self) -> Vec<f64> {
        self.0
    }

    pub(crate) fn number(&mut self, number: u32) {
        self.0.push(number.into());
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.number(flag.into());
    }

    /// Few are long: what conflicts and occurrences are of is known to JavaScript.
    pub(crate) fn text(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.list(units, |answer, unit| answer.number(unit.into()));
    }

    /// How many there are, then each as `write` writes it.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        write: impl Fn(&mut Self, T),
    ) {
        let items = items.into_iter();
        self.0.push(items.len() as f64);
        items.for_each(|item| write(self, item));
    }

    /// What cannot be read: its place, and why.
    pub(crate) fn unreadable(&mut self, unreadable: &[(u32, String)]) {
        self.list(unreadable, |answer, (place, reason)| {
            answer.number(*place);
            answer.text(reason);
        });
    }

    pub(crate) fn span(&mut self, span: TimeRange) {
        self.instant(span.start());
        self.instant(span.end());
    }

    /// When a series has it, where it is an occurrence of one.
    pub(crate) fn original_start(&mut self, original_start: Option<OriginalStart>) {
        match original_start {
            None => self.number(0),
            Some(OriginalStart::Instant(instant)) => {
                self.number(1);
                self.instant(instant);
            }
            Some(OriginalStart::Date(date)) => {
                self.number(2);
                self.day(date);
            }
        }
    }

    /// Days from 1970.
    pub(crate) fn day(&mut self, day: NaiveDate) {
        self.0.push(day.to_epoch_days().into());
    }

    /// Seconds from 1970, and nanoseconds.
    fn instant(&mut self, instant: DateTime<Utc>) {
        self.0.push(instant.timestamp() as f64);
        self.number(instant.timestamp_subsec_nanos());
    }
}
