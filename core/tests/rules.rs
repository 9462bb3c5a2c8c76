//! Rules and recurrence lines are read as RFC 5545 writes them, and what is wrong is told with its place.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use theo_calendar::{
    ErrorKind,
    recurrence::{Frequency, IcalTime, Recurrence, Rule, RuleEnd},
};

#[test]
fn a_rule_is_written_back_in_one_order_of_parts() {
    for (read, written) in [
        ("FREQ=WEEKLY", "FREQ=WEEKLY"),
        ("BYDAY=FR,MO;INTERVAL=2;FREQ=WEEKLY;WKST=SU", "FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=MO,FR"),
        ("freq=monthly;byday=-1su,1mo,tu;bysetpos=-1", "FREQ=MONTHLY;BYDAY=-1SU,TU,1MO;BYSETPOS=-1"),
        ("FREQ=DAILY;INTERVAL=1;WKST=MO;BYHOUR=9,9,8", "FREQ=DAILY;BYHOUR=8,9"),
        ("FREQ=YEARLY;BYWEEKNO=+20,-1;BYYEARDAY=1,-366", "FREQ=YEARLY;BYWEEKNO=-1,20;BYYEARDAY=-366,1"),
        ("FREQ=SECONDLY;BYSECOND=60,3;BYMINUTE=0", "FREQ=SECONDLY;BYMINUTE=0;BYSECOND=3,59"),
        ("FREQ=YEARLY;BYMONTH=12,1;BYMONTHDAY=-31,31", "FREQ=YEARLY;BYMONTH=1,12;BYMONTHDAY=-31,31"),
        ("FREQ=HOURLY;UNTIL=20250328T150000Z", "FREQ=HOURLY;UNTIL=20250328T150000Z"),
        ("FREQ=MINUTELY;UNTIL=20250328t150000", "FREQ=MINUTELY;UNTIL=20250328T150000"),
        ("FREQ=DAILY;UNTIL=20250328", "FREQ=DAILY;UNTIL=20250328"),
        ("FREQ=DAILY;COUNT=4294967295", "FREQ=DAILY;COUNT=4294967295"),
    ] {
        let rule: Rule = read.parse().unwrap();
        assert_eq!(rule.to_string(), written);
        assert_eq!(written.parse::<Rule>().unwrap(), rule);
    }
}

#[test]
fn what_a_rule_says_can_be_asked() {
    let rule: Rule = "FREQ=YEARLY;INTERVAL=3;COUNT=10".parse().unwrap();
    assert_eq!((rule.frequency(), rule.interval(), rule.end()), (Frequency::Yearly, 3, RuleEnd::Count(10)));
    let until: IcalTime = "20250328".parse().unwrap();
    assert_eq!(rule.with_end(RuleEnd::Until(until)).to_string(), "FREQ=YEARLY;UNTIL=20250328;INTERVAL=3");
}

#[test]
fn a_wrong_rule_is_refused_with_the_part_that_is_wrong() {
    let number = |range: &str| format!("is not a number from {range}");
    for (rule, said) in [
        ("", "\"\" is no part of a rule, such as FREQ=WEEKLY".to_owned()),
        ("BYDAY=MO", "the rule has no FREQ, such as FREQ=WEEKLY".to_owned()),
        ("FREQ=WEEKLY;", "\"\" is no part of a rule, such as FREQ=WEEKLY".to_owned()),
        (
            "FREQ=FORTNIGHTLY",
            "FREQ=FORTNIGHTLY: it is SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY".to_owned(),
        ),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ stands twice in the rule".to_owned()),
        (
            "FREQ=DAILY;COUNT=2;UNTIL=20250101",
            "the rule has both COUNT and UNTIL: it ends by one of them".to_owned(),
        ),
        ("FREQ=DAILY;INTERVAL=0", format!("INTERVAL=0: \"0\" {}", number("1 to 4294967295"))),
        ("FREQ=DAILY;COUNT=0", format!("COUNT=0: \"0\" {}", number("1 to 4294967295"))),
        ("FREQ=DAILY;INTERVAL=-1", format!("INTERVAL=-1: \"-1\" {}", number("1 to 4294967295"))),
        ("FREQ=DAILY;BYMONTH=13", format!("BYMONTH=13: \"13\" {}", number("1 to 12"))),
        ("FREQ=DAILY;BYHOUR=24", format!("BYHOUR=24: \"24\" {}", number("0 to 23"))),
        ("FREQ=DAILY;BYMONTHDAY=0", format!("BYMONTHDAY=0: \"0\" {}", number("1 to 31 or -31 to -1"))),
        ("FREQ=YEARLY;BYYEARDAY=367", format!("BYYEARDAY=367: \"367\" {}", number("1 to 366 or -366 to -1"))),
        ("FREQ=YEARLY;BYWEEKNO=-54", format!("BYWEEKNO=-54: \"-54\" {}", number("1 to 53 or -53 to -1"))),
        ("FREQ=YEARLY;BYDAY=0MO", format!("BYDAY=0MO: \"0\" {}", number("1 to 53 or -53 to -1"))),
        ("FREQ=YEARLY;BYDAY=MO,XX", "BYDAY=MO,XX: \"XX\" is no weekday such as MO, 2MO or -1MO".to_owned()),
        ("FREQ=YEARLY;WKST=M", "WKST=M: it is MO, TU, WE, TH, FR, SA or SU".to_owned()),
        (
            "FREQ=DAILY;UNTIL=20250230",
            "UNTIL=20250230: \"20250230\" is no date such as 20250328 or 20250328T150000Z".to_owned(),
        ),
        ("FREQ=DAILY;RSCALE=HEBREW", "\"RSCALE\" is no part of a rule in RFC 5545".to_owned()),
    ] {
        let error = rule.parse::<Rule>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), said, "{rule}");
    }
}

#[test]
fn a_wrong_line_is_refused_with_its_number() {
    for (line, said) in [
        ("FREQ=DAILY", "it has no colon, as RRULE:FREQ=WEEKLY has"),
        ("DTSTART:20250101", "the event's own start and end say it"),
        ("SUMMARY:x", "it is no RRULE, EXRULE, RDATE or EXDATE line"),
        ("EXRULE:FREQ=DAILY;X=1", "\"X\" is no part of a rule in RFC 5545"),
        ("EXDATE:", "\"\" is no date such as 20250328 or 20250328T150000Z"),
        ("EXDATE;VALUE=TEXT:20250101", "VALUE=TEXT is none of DATE, DATE-TIME and PERIOD"),
        ("RDATE:20250101T000000Z/-PT1H", "\"-PT1H\" is no date such as 20250328 or 20250328T150000Z"),
        ("RDATE:20250101T000000Z/PT", "\"PT\" is no duration such as PT1H30M"),
    ] {
        let error = Recurrence::parse(&["RRULE:FREQ=DAILY", line]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), format!("line 2 of the recurrence, \"{line}\": {said}"));
    }
}

#[test]
fn every_form_of_line_is_read() {
    Recurrence::parse(&[
        "rrule:freq=daily",
        "RRULE;X-NOTE=\"a:b\":FREQ=DAILY",
        "EXDATE;VALUE=DATE:20250101,20250102",
        "EXDATE;TZID=\"Europe/Berlin\":20250101T090000",
        "RDATE;VALUE=PERIOD:20250101T000000Z/PT1H,20250102T000000Z/20250102T010000Z,20250103T000000Z/P1DT2H",
    ])
    .unwrap();
}

#[test]
fn an_error_shows_hostile_text_cut_short_and_unable_to_mislead() {
    let error = format!("FREQ=\u{202e}\n{}", "x".repeat(1_000_000)).parse::<Rule>().unwrap_err();
    assert!(error.to_string().starts_with("FREQ=\\u{202e}\\nxxx"), "{error}");
    assert!(error.to_string().len() < 300);
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC*", lines in prop::collection::vec(
        "(RRULE|EXRULE|RDATE|EXDATE|é)?[;:=]?(FREQ=(YEARLY|DAILY)|BYDAY=|UNTIL=|TZID=\"?)?[0-9A-Zé:;,=+/\"-]{0,40}", 0..4)) {
        let _ = text.parse::<Rule>();
        let _ = text.parse::<IcalTime>();
        let _ = Recurrence::parse(&lines);
    }
}
