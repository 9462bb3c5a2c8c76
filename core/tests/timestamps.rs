//! Instants as Google and others write them.

use chrono::{DateTime, FixedOffset};
use proptest::prelude::*;
use theo_calendar::time::Timestamp;

/// Dates and clocks that exist and that do not, with digits, letters and offsets of Google's and of others.
const NEARLY_RFC_3339: &str = "(19|20)[0-9]{2}-(0[0-9]|1[0-2])-([0-2][0-9]|3[01])[Tt ]([01][0-9]|2[0-4]):[0-5][0-9]:\
     ([0-5][0-9]|60)(\\.[0-9]{1,10})?(Z|z|[+-](0[0-9]|1[0-9]|2[0-4]):([0-5][0-9]|60))";

/// What Google writes.
const GOOGLE_FORM: &str = "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\
     (\\.[0-9]{3})?(Z|[+-](0[1-9]|1[0-4]):(00|30|45))";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_096) })]

    #[test]
    fn a_time_is_what_chrono_says_it_is_and_is_written_back_to_the_byte(text in prop_oneof![NEARLY_RFC_3339, GOOGLE_FORM]) {
        let by_chrono: Option<DateTime<FixedOffset>> = DateTime::parse_from_rfc3339(&text).ok();
        let timestamp = Timestamp::parse(&text).ok();
        prop_assert_eq!(timestamp.as_ref().map(Timestamp::instant), by_chrono);
        prop_assert_eq!(
            timestamp.as_ref().map(|timestamp| *timestamp.instant().offset()),
            by_chrono.map(|instant| *instant.offset())
        );
        if let Some(timestamp) = timestamp {
            prop_assert_eq!(timestamp.to_string(), text);
        }
    }

    #[test]
    fn text_that_chrono_refuses_is_refused(text in "[0-9TZ:.+-]{0,30}") {
        prop_assert_eq!(Timestamp::parse(&text).is_ok(), DateTime::parse_from_rfc3339(&text).is_ok());
    }
}

#[test]
fn the_odd_ways_to_write_an_instant_are_kept() {
    for text in [
        "2025-03-28T15:00:00-00:00",
        "2025-03-28T15:00:00+00:00",
        "2025-03-28t15:00:00z",
        "2025-03-28T15:00:00.5Z",
        "2025-03-28T23:59:60Z",
        "2025-03-28T15:00:00.000000000+05:45",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
    ] {
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
    }
}
