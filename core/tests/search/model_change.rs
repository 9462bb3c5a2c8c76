//! From one model to the next, while people search.

use theo_calendar::{
    ErrorKind,
    search::{MeaningUse, SearchMode, SearchQuery, SearchResults},
    storage::EmbeddingStore,
};

use crate::{
    home::{Home, ids, one_off, sound},
    toy::Toy,
};

fn by_meaning(text: &str) -> SearchQuery {
    SearchQuery { mode: SearchMode::Meaning, ..SearchQuery::new(text) }
}

fn used(results: &SearchResults) -> (&str, bool) {
    match &results.meaning {
        MeaningUse::Used { model, complete } => (model, *complete),
        other => panic!("meaning was not used: {other:?}"),
    }
}

#[tokio::test]
async fn the_retiring_model_answers_until_the_new_one_has_caught_up() {
    let (home, old, new) = (Home::new().await, Toy::new("old"), Toy::of("new", 32));
    home.bring((0..3_000).map(|n| one_off(&format!("e{n:04}"), &format!("Meeting {n}"))).collect()).await;
    home.bring(vec![one_off("lunch", "Lunch with Bob")]).await;
    let before = home.with(old.clone());
    while sound(before.embed_due(10).await).next_at == home.now() {}
    assert_eq!(used(&home.ask(&before, by_meaning("lunch with bob")).await), ("old", true));

    let search = home.with(new).retiring(old);
    let ask = async || home.ask(&search, by_meaning("lunch with bob")).await;
    let first = ask().await;
    assert_eq!((ids(&first)[0].as_str(), used(&first)), ("lunch", ("old", true)), "before the first tick");
    assert_eq!(sound(search.embed_due(10).await).next_at, home.now());
    let half_way = ask().await;
    assert_eq!((ids(&half_way)[0].as_str(), used(&half_way)), ("lunch", ("old", true)), "half way");
    sound(search.embed_due(10).await);
    let after = ask().await;
    assert_eq!((ids(&after)[0].as_str(), used(&after)), ("lunch", ("new", true)));

    home.bring(vec![one_off("late", "Late lunch")]).await;
    assert_eq!(
        used(&ask().await),
        ("new", false),
        "a model that caught up once answers, and says what it lacks"
    );
}

#[tokio::test]
async fn a_first_model_answers_with_what_it_has() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    home.bring((0..3_000).map(|n| one_off(&format!("e{n:04}"), &format!("Meeting {n}"))).collect()).await;
    let search = home.with(toy);

    let nothing = home.ask(&search, by_meaning("Meeting 7")).await;
    assert_eq!((nothing.hits.len(), used(&nothing)), (0, ("toy", false)));
    let by_words = home.ask(&search, SearchQuery::new("Meeting 7")).await;
    assert_eq!(ids(&by_words)[0], "e0007");
    sound(search.embed_due(10).await);

    let some = home.ask(&search, by_meaning("Meeting 7")).await;
    assert_eq!((some.hits.len(), used(&some)), (10, ("toy", false)));
}

#[tokio::test]
async fn a_model_that_is_no_longer_used_can_be_dropped() {
    let (home, old, new) = (Home::new().await, Toy::new("old"), Toy::new("new"));
    home.bring(vec![one_off("a", "Lunch"), one_off("b", "Dentist")]).await;
    sound(home.with(old).embed_due(10).await);
    let search = home.with(new);
    sound(search.embed_due(10).await);

    let refused = search.drop_embeddings("new").await.expect_err("it is in use");
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    assert_eq!(search.drop_embeddings("old").await.unwrap(), 2);

    assert_eq!(home.store.embedding_status(&home.user(), "old").await.unwrap().dimensions, None);
    assert_eq!(home.ask(&search, by_meaning("lunch")).await.hits.len(), 2);
}
