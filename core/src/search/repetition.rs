//! How a series repeats, in plain words.

/// The rule of `recurrence` in a word or two: `every week`, `every 2 weeks`; `on several dates` where it has none.
pub(super) fn repetition(recurrence: &[String]) -> String {
    let Some(rule) = recurrence.iter().find_map(|line| line.strip_prefix("RRULE:")) else {
        return "on several dates".to_owned();
    };
    let unit = match part(rule, "FREQ") {
        Some("DAILY") => "day",
        Some("WEEKLY") => "week",
        Some("MONTHLY") => "month",
        Some("YEARLY") => "year",
        Some("HOURLY") => "hour",
        _ => return "again and again".to_owned(),
    };
    match part(rule, "INTERVAL").and_then(|interval| interval.parse::<u32>().ok()) {
        None | Some(0 | 1) => format!("every {unit}"),
        Some(interval) => format!("every {interval} {unit}s"),
    }
}

/// The value of one part of a rule (RFC 5545 §3.3.10).
pub(super) fn part<'a>(rule: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = rule.split(';').filter_map(|part| part.split_once('='));
    parts.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
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
