//! Searching: two lists made one, filters, and what happens without a model.

use theo_calendar::{
    ErrorKind,
    model::{Attendee, Event},
    search::{MeaningUse, SearchField, SearchMode, SearchQuery},
    time::TimeRange,
};

use crate::{
    home::{Home, exception, ids, master, one_off, sound},
    toy::Toy,
};

#[tokio::test]
async fn what_both_lists_have_comes_before_what_one_has() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    home.bring(vec![one_off("both", "Dentist"), one_off("other", "Haircut")]).await;
    let search = home.with(toy);
    sound(search.embed_due(10).await);

    let found = home.ask(&search, SearchQuery::new("dentist")).await;

    assert_eq!(ids(&found), ["both", "other"]);
    let [both, other] = &found.hits[..] else { panic!("{found:?}") };
    let (text, meaning) = (both.parts.text.as_ref().unwrap(), both.parts.meaning.as_ref().unwrap());
    assert_eq!((text.rank, meaning.rank, &text.fields[..]), (1, 1, &[SearchField::Title][..]));
    assert!((both.score - 2.0 / 61.0).abs() < 1e-12, "{}", both.score);
    assert!(other.parts.text.is_none());
    assert!((other.score - 1.0 / 62.0).abs() < 1e-12, "{}", other.score);
    assert_eq!(found.meaning, MeaningUse::Used { model: "toy".into(), complete: true });
}

#[tokio::test]
async fn a_series_found_by_both_is_one_hit() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let retro = exception("m_1", "Standup and retro", "m");
    home.bring(vec![master("m", "Standup"), retro, one_off("a", "Lunch")]).await;
    let search = home.with(toy);
    sound(search.embed_due(10).await);

    let found = home.ask(&search, SearchQuery::new("retro standup")).await;

    assert_eq!(ids(&found), ["m_1", "a"]);
    assert!(found.hits[0].parts.text.is_some() && found.hits[0].parts.meaning.is_some());
}

#[tokio::test]
async fn filters_hold_for_both_lists() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let elsewhere = home.beside("ada", "home@example.com").await;
    let guest = Event { attendees: Some(vec![Attendee::new("Bob@example.com")]), ..one_off("bob", "Lunch") };
    home.bring(vec![guest, one_off("alone", "Lunch")]).await;
    elsewhere.bring(vec![one_off("home", "Lunch")]).await;
    let search = home.with(toy);
    sound(search.embed_due(10).await);
    let range =
        |start: &str, end: &str| TimeRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
    let lunch = || SearchQuery::new("lunch");

    for mode in [SearchMode::Hybrid, SearchMode::Text, SearchMode::Meaning] {
        let ask = async |query: SearchQuery| {
            let mut ids = ids(&home.ask(&search, SearchQuery { mode, ..query }).await);
            ids.sort();
            ids
        };
        assert_eq!(ask(lunch()).await, ["alone", "bob", "home"], "{mode:?}");
        let bobs = SearchQuery { attendee: Some(" BOB@example.com".into()), ..lunch() };
        assert_eq!(ask(bobs).await, ["bob"], "{mode:?}");
        let there = SearchQuery { calendars: Some(vec![elsewhere.calendar.clone()]), ..lunch() };
        assert_eq!(ask(there).await, ["home"], "{mode:?}");
        let friday = range("2025-03-28T10:30:00Z", "2025-03-28T12:00:00Z");
        assert_eq!(ask(SearchQuery { range: Some(friday), ..lunch() }).await.len(), 3, "{mode:?}");
        let later = range("2025-03-28T11:00:00Z", "2025-03-29T12:00:00Z");
        assert_eq!(ask(SearchQuery { range: Some(later), ..lunch() }).await.len(), 0, "{mode:?}");
        assert_eq!(ask(SearchQuery { limit: 2, ..lunch() }).await.len(), 2, "{mode:?}");
    }
}

#[tokio::test]
async fn without_a_model_words_find_and_the_answer_says_so() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    home.bring(vec![one_off("a", "Dentist")]).await;
    let without = home.search("worker");
    let failing = home.with(toy.clone());
    sound(failing.embed_due(10).await);
    toy.is_down();

    for (search, why) in [(&without, "with_embedder"), (&failing, "the toy is down")] {
        let found = home.ask(search, SearchQuery::new("when is my dentist?")).await;
        assert_eq!(ids(&found), ["a"]);
        let MeaningUse::Missing { why: said } = &found.meaning else { panic!("{found:?}") };
        assert!(said.contains(why), "{said}");
    }
    let text = SearchQuery { mode: SearchMode::Text, ..SearchQuery::new("dentist") };
    assert_eq!(home.ask(&without, text).await.meaning, MeaningUse::NotAsked);
    let meaning = SearchQuery { mode: SearchMode::Meaning, ..SearchQuery::new("dentist") };
    let refused = without.search(&home.user(), &meaning).await.expect_err("there is nothing to ask");
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    let refused = failing.search(&home.user(), &meaning).await.expect_err("it is down");
    assert_eq!(refused.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn an_empty_query_finds_nothing() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    home.bring(vec![one_off("a", "Dentist")]).await;
    let search = home.with(toy);
    sound(search.embed_due(10).await);

    let found = home.ask(&search, SearchQuery::new(" \u{202e}\n")).await;

    assert!(found.hits.is_empty());
    assert!(matches!(found.meaning, MeaningUse::Missing { .. }));
}

#[tokio::test]
async fn nobody_finds_events_of_somebody_else() {
    let (ada, toy) = (Home::new().await, Toy::new("toy"));
    let eve = ada.beside("eve", "work@example.com").await;
    ada.bring(vec![one_off("a", "Dentist")]).await;
    eve.bring(vec![one_off("b", "Lunch")]).await;
    let search = ada.with(toy);
    sound(search.embed_due(10).await);

    let of_ada = SearchQuery { calendars: Some(vec![ada.calendar.clone()]), ..SearchQuery::new("dentist") };

    assert_eq!(ids(&eve.ask(&search, SearchQuery::new("dentist")).await), ["b"], "what is hers, by meaning");
    assert!(eve.ask(&search, of_ada).await.hits.is_empty());
}
