//! How a series repeats, in plain words.

use crate::recurrence::{Frequency, Recurrence};

/// The rule of `recurrence` in a word or two: `every week`, `every 2 weeks`; `on several dates` where it has none.
pub(super) fn repetition(recurrence: &[String]) -> String {
    let Ok(recurrence) = Recurrence::parse(recurrence) else { return "again and again".to_owned() };
    let Some(rule) = recurrence.rules().first() else { return "on several dates".to_owned() };
    let unit = match rule.frequency() {
        Frequency::Daily => "day",
        Frequency::Weekly => "week",
        Frequency::Monthly => "month",
        Frequency::Yearly => "year",
        Frequency::Hourly => "hour",
        Frequency::Minutely | Frequency::Secondly => return "again and again".to_owned(),
    };
    match rule.interval() {
        1 => format!("every {unit}"),
        interval => format!("every {interval} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::repetition;

    #[test]
    fn a_rule_is_said_in_plain_words() {
        for (line, said) in [
            ("RRULE:FREQ=WEEKLY;BYDAY=MO", "every week"),
            ("RRULE:INTERVAL=2;FREQ=WEEKLY", "every 2 weeks"),
            ("RRULE:FREQ=YEARLY;INTERVAL=1", "every year"),
            ("RRULE:FREQ=FORTNIGHTLY", "again and again"),
            ("RDATE:20250328T150000Z", "on several dates"),
        ] {
            assert_eq!(repetition(&["EXDATE:20250321".to_owned(), line.to_owned()]), said);
        }
    }
}
