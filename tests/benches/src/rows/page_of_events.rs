//! A page of events, from Google's bytes to typed events.

use std::{hint::black_box, rc::Rc};

use google_calendar3::api::Events;
use serde::{Deserialize, de::IgnoredAny};
use theo_calendar::google::EventsResponse;

use crate::{
    google_page,
    rivals::{node, python},
    row::{Contender, ROUNDS, Row},
};

/// The most that Google puts in a page.
const EVENTS: usize = 2_500;

pub(crate) fn row() -> Row {
    let page: Rc<str> = google_page::page(EVENTS, 7).into();
    let ours = Rc::clone(&page);
    Row {
        work: format!(
            "Map a page of {EVENTS} events, {:.1} MB of JSON, to typed events",
            page.len() as f64 / 1e6
        ),
        aim: "at most 2.5 × the limit, and twice as fast as google-calendar3",
        pieces: 1,
        rounds: ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar", move || {
                let page = EventsResponse::parse(black_box(ours.as_bytes()));
                assert_eq!(black_box(page).map_or(0, |page| page.events.len()), EVENTS);
            }),
            Contender::rival("google-calendar3 7.0.0", reader::<Events>(&page)),
            Contender::rival("serde_json::Value", reader::<serde_json::Value>(&page)),
            python("Python: json.loads, gcsa 2.7.0", "json_and_gcsa", &*page, EVENTS),
            python("Python: msgspec 0.22.0, typed", "typed_by_msgspec", &*page, EVENTS),
            node("Node: JSON.parse, untyped", "json_parse", &*page, EVENTS),
            Contender::limit("serde_json, every value skipped", reader::<IgnoredAny>(&page)),
        ],
    }
}

/// Reads the page as `T`, from bytes as we do.
fn reader<T: for<'de> Deserialize<'de>>(page: &Rc<str>) -> impl FnMut() + 'static {
    let page = Rc::clone(page);
    move || {
        let text = std::str::from_utf8(black_box(page.as_bytes())).expect("the page is UTF-8");
        let page: T = serde_json::from_str(text).expect("the page is JSON that the rival knows");
        black_box(page);
    }
}
