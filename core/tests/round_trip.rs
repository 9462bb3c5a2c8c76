//! What Google sends is written back as it came: whatever its discovery document allows, and what it does not know yet.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use theo_calendar::{
    google::{
        CalendarListResponse, Channel, Colors, EventsResponse, FreeBusyResponse, Setting, SettingsResponse,
    },
    model::{Calendar, CalendarListEntry, Event},
    testing::Discovery,
};

/// Each test reads the document and makes a strategy of one of its schemas.
macro_rules! survives {
    ($($test:ident: $schema:literal as $type:ty;)*) => {$(
        #[test]
        fn $test() {
            let discovery = Discovery::load().unwrap();
            TestRunner::new(config(256))
                .run(&object(&discovery, discovery.schema($schema).unwrap(), $schema), |json| {
                    let written = rewritten::<$type>(&json).map_err(|error| TestCaseError::fail(format!("{error}: {json}")))?;
                    prop_assert_eq!(exact(&written), exact(&json));
                    Ok(())
                })
                .unwrap_or_else(|failure| panic!("{failure}"));
        }
    )*};
}

survives! {
    any_event: "Event" as Event;
    any_calendar_list_entry: "CalendarListEntry" as CalendarListEntry;
    any_calendar: "Calendar" as Calendar;
    any_calendar_list: "CalendarList" as CalendarListResponse;
    any_channel: "Channel" as Channel;
    any_colors: "Colors" as Colors;
    any_free_busy_answer: "FreeBusyResponse" as FreeBusyResponse;
    any_setting: "Setting" as Setting;
    any_settings: "Settings" as SettingsResponse;
}

#[test]
fn any_page_of_events_is_read_without_losing_one() {
    let discovery = Discovery::load().unwrap();
    let schema = discovery.schema("Events").unwrap();
    TestRunner::new(config(64))
        .run(&object(&discovery, schema, "Events"), |json| {
            let page = EventsResponse::parse(json.as_bytes()).unwrap();
            let written: Vec<_> =
                page.events.iter().map(|event| exact(&serde_json::to_string(event).unwrap())).collect();
            let Exact::Object(fields) = exact(&json) else { panic!("a page is an object") };
            let sent = match &fields.get("items") {
                Some(Exact::Array(items)) => items.clone(),
                _ => Vec::new(),
            };
            prop_assert_eq!(page.quarantined, []);
            prop_assert_eq!(written, sent);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// Most pages are read by a reader of our own: it may refuse what serde_json reads, and must not read anything else.
#[test]
fn a_page_damaged_anywhere_is_read_as_serde_json_reads_it() {
    let discovery = Discovery::load().unwrap();
    let schema = discovery.schema("Events").unwrap();
    let damage = select(
        &["", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "-", "e", ".", "n", "\t", "\u{1}", "é"][..],
    );
    let page = (object(&discovery, schema, "Events"), any::<prop::sample::Index>(), damage, any::<bool>());
    TestRunner::new(config(512))
        .run(&page, |(json, place, damage, is_inserted)| {
            let mut json: Vec<String> = indented(&json).chars().map(String::from).collect();
            let place = place.index(json.len());
            json[place] = if is_inserted { format!("{damage}{}", json[place]) } else { damage.to_owned() };
            let json = json.concat();
            let page = EventsResponse::parse(json.as_bytes());
            let Ok(fields) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&json) else {
                prop_assert!(page.is_err(), "it is no JSON, and was read: {json}");
                return Ok(());
            };
            let Ok(page) = page else { return Ok(()) };
            let items = fields.get("items").map_or("[]", |items| items.get());
            let items: Vec<Box<RawValue>> =
                serde_json::from_str::<Option<_>>(items).unwrap().unwrap_or_default();
            let events: Vec<Event> =
                items.iter().filter_map(|item| serde_json::from_str(item.get()).ok()).collect();
            prop_assert_eq!(page.events, events, "{}", json);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn recorded_answers_survive() {
    let folder = std::env::var("THEO_GOOGLE_FIXTURES")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/google-fixtures").to_owned());
    let Ok(files) = std::fs::read_dir(folder) else { return };
    let mut pages = 0;
    for file in files {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let kind =
            serde_json::from_str::<Value>(&text).unwrap()["kind"].as_str().unwrap_or_default().to_owned();
        match kind.as_str() {
            "calendar#events" => {
                let page = EventsResponse::parse(text.as_bytes()).unwrap();
                assert_eq!(page.quarantined, [], "{name}");
                let Exact::Object(fields) = exact(&text) else { panic!("{name}") };
                let written =
                    page.events.iter().map(|event| exact(&serde_json::to_string(event).unwrap())).collect();
                assert_eq!(Some(&Exact::Array(written)), fields.get("items"), "{name}");
            }
            "calendar#event" => same::<Event>(&name, &text),
            "calendar#calendarList" => same::<CalendarListResponse>(&name, &text),
            "calendar#freeBusy" => same::<FreeBusyResponse>(&name, &text),
            _ => continue,
        }
        pages += 1;
    }
    assert!(pages > 0, "the folder of recorded answers holds none that is known");
}

/// Failures are not written to a file: each case is made from the document, which may change.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

fn same<T: Serialize + DeserializeOwned>(name: &str, text: &str) {
    assert_eq!(exact(&rewritten::<T>(text).unwrap()), exact(text), "{name}");
}

fn rewritten<T: Serialize + DeserializeOwned>(json: &str) -> serde_json::Result<String> {
    serde_json::to_string(&serde_json::from_str::<T>(json)?)
}

/// JSON compared as values, but numbers by how they are written: `1.0` is not `1`.
#[derive(Clone, Debug, PartialEq)]
enum Exact {
    Object(BTreeMap<String, Exact>),
    Array(Vec<Exact>),
    Text(String),
    Other(String),
}

fn exact(json: &str) -> Exact {
    let json = json.trim();
    match json.as_bytes()[0] {
        b'{' => {
            let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap();
            Exact::Object(fields.into_iter().map(|(name, value)| (name, exact(value.get()))).collect())
        }
        b'[' => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(json).unwrap();
            Exact::Array(items.iter().map(|item| exact(item.get())).collect())
        }
        b'"' => Exact::Text(serde_json::from_str(json).unwrap()),
        _ => Exact::Other(json.to_owned()),
    }
}

/// JSON of any object of `schema`: each field there or not, and fields that nobody knows.
fn object(discovery: &Discovery, schema: &Value, name: &str) -> BoxedStrategy<String> {
    if name == "EventDateTime" {
        return event_time();
    }
    let fields: Vec<BoxedStrategy<Option<String>>> = schema["properties"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(field, kind)| {
            let is_required = is_required(name, field);
            let field = field.clone();
            let value = value(discovery, kind).prop_map(move |value| format!("{field:?}:{value}"));
            if is_required { value.prop_map(Some).boxed() } else { proptest::option::of(value).boxed() }
        })
        .collect();
    (fields, unknown_fields())
        .prop_map(|(fields, unknown)| braces(fields.into_iter().flatten().chain(unknown)))
        .boxed()
}

/// What Google always sends, though its document does not say so.
fn is_required(schema: &str, field: &str) -> bool {
    matches!(
        (schema, field),
        ("Event" | "CalendarListEntry" | "Calendar" | "Channel" | "Setting", "id")
            | ("TimePeriod", "start" | "end")
            | ("Events", "kind")
    )
}

fn value(discovery: &Discovery, schema: &Value) -> BoxedStrategy<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return object(discovery, discovery.schema(name).unwrap(), name);
    }
    match (schema["type"].as_str().unwrap(), schema["format"].as_str()) {
        ("object", _) if schema["properties"].is_object() => object(discovery, schema, ""),
        ("object", _) => {
            let entry = (".*", value(discovery, &schema["additionalProperties"]));
            proptest::collection::btree_map(entry.0, entry.1, 0..3)
                .prop_map(|entries| {
                    braces(entries.into_iter().map(|(key, value)| format!("{}:{value}", quoted(&key))))
                })
                .boxed()
        }
        ("array", _) => proptest::collection::vec(value(discovery, &schema["items"]), 0..3)
            .prop_map(|items| format!("[{}]", items.join(",")))
            .boxed(),
        ("boolean", _) => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
        ("integer", _) => any::<i32>().prop_map(|number| number.to_string()).boxed(),
        ("number" | "any", _) => strange().boxed(),
        ("string", Some("date")) => date().prop_map(|date| quoted(&date)).boxed(),
        ("string", Some("date-time")) => date_time().prop_map(|time| quoted(&time)).boxed(),
        ("string", Some("int64")) => any::<i64>().prop_map(|number| format!("\"{number}\"")).boxed(),
        ("string", _) => prop_oneof![
            // Words of Google's, words it may add, and whatever a person may write.
            select(
                &[
                    "confirmed",
                    "cancelled",
                    "outOfOffice",
                    "transparent",
                    "accepted",
                    "owner",
                    "popup",
                    "all",
                    ""
                ][..]
            )
            .prop_map(quoted),
            "[a-z]{1,12}".prop_map(|word: String| quoted(&word)),
            ".*".prop_map(|text: String| quoted(&text)),
            Just(r#""\ud83d\ude00\u0000\/\t""#.to_owned()),
        ]
        .boxed(),
        (kind, _) => panic!("Google's document has a new type: {kind}"),
    }
}

/// A date or a time, never both; a time without an offset only in a zone.
fn event_time() -> BoxedStrategy<String> {
    let zone = || select(&["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "No/Where"][..]);
    let when = prop_oneof![
        (date(), proptest::option::of(zone()))
            .prop_map(|(date, zone)| (format!("\"date\":{}", quoted(&date)), zone)),
        (date_time(), proptest::option::of(zone()))
            .prop_map(|(time, zone)| (format!("\"dateTime\":{}", quoted(&time)), zone)),
        (date(), zone()).prop_map(|(date, zone)| (format!("\"dateTime\":\"{date}T02:30:00\""), Some(zone))),
    ];
    (when, unknown_fields())
        .prop_map(|((when, zone), unknown)| {
            let zone = zone.map(|zone| format!("\"timeZone\":{}", quoted(zone)));
            braces([when].into_iter().chain(zone).chain(unknown))
        })
        .boxed()
}

fn date() -> impl Strategy<Value = String> {
    (1970..2100_i32, 1..=12_u32, 1..=28_u32)
        .prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"))
}

/// RFC 3339 in all the ways Google writes it.
fn date_time() -> impl Strategy<Value = String> {
    let fraction = select(&["", ".000", ".123", ".5", ".123456789"][..]);
    let offset = select(&["Z", "+00:00", "-00:00", "+05:45", "-11:00", "+14:00"][..]);
    (date(), 0..24_u32, 0..60_u32, 0..60_u32, fraction, offset).prop_map(
        |(date, hour, minute, second, fraction, offset)| {
            format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}")
        },
    )
}

/// Fields that nobody knows.
fn unknown_fields() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_map("new[A-Z][a-zé]{0,6}", strange(), 0..3).prop_map(|fields| {
        fields.into_iter().map(|(name, value)| format!("{}:{value}", quoted(&name))).collect()
    })
}

/// Values that lose something in the hands of who reads numbers as floats, or nulls as nothing.
fn strange() -> impl Strategy<Value = String> {
    select(
        &[
            "1e400",
            "1.0",
            "-0.0",
            "12345678901234567890",
            "0.1000",
            "1E+2",
            "null",
            "true",
            "[]",
            "{}",
            r#"{"a":[1.00,{"b":null,"a":"\u00e9"}],"":[[]]}"#,
            r#""text""#,
        ][..],
    )
    .prop_map(str::to_owned)
}

/// The same JSON with white space as Google has it, deep enough for a step of the reader and more.
fn indented(json: &str) -> String {
    let (mut spaced, mut is_text, mut is_escaped, mut depth) = (String::new(), false, false, 0);
    for char in json.chars() {
        is_text ^= char == '"' && !is_escaped;
        is_escaped = is_text && char == '\\' && !is_escaped;
        depth = match char {
            '{' | '[' if !is_text => depth + 5,
            '}' | ']' if !is_text => depth - 5,
            _ => depth,
        };
        spaced.push(char);
        match char {
            '{' | '[' | ',' if !is_text => spaced.extend(["\n", &" ".repeat(depth)]),
            ':' if !is_text => spaced.push(' '),
            _ => {}
        }
    }
    spaced
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn braces(fields: impl IntoIterator<Item = String>) -> String {
    format!("{{{}}}", fields.into_iter().collect::<Vec<_>>().join(","))
}
