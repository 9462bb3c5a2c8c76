//! Search by words, and the filters of both searches.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::{
    embeddings::{embed, page, query, row},
    scene::{Scene, at, cancelled, changed, entry, exception, master, one_off},
};
use crate::{
    Result,
    model::{Attendee, Person},
    search::words,
    storage::{
        EmbeddingPage, EventRow, Listing, SearchFilter, Storage, SyncPage, VectorQuery, WordMatch, WordQuery,
    },
    time::TimeRange,
};

pub async fn rare_words_weigh_more_than_those_of_a_question(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let mut rows: Vec<EventRow> =
        (0..20).map(|n| one_off(&format!("w{n}"), "When is my next meeting", n)).collect();
    rows.push(one_off("dentist", "Dentist", 0));
    scene.bring(rows).await?;

    let found = found(&scene, "When is my dentist meeting?").await?;

    assert_eq!(found[0], "dentist");
    assert_eq!(found.len(), 21);
    Ok(())
}

pub async fn a_match_says_which_share_of_the_question_stands_in_it(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let rows =
        vec![one_off("both", "Dentist visit", 0), one_off("one", "Visit", 0), one_off("none", "Lunch", 0)];
    scene.bring(rows).await?;

    let matches = matches(&scene, "dentist visit unheard", SearchFilter::default()).await?;

    let rarity = |having: f32| (1.0 + (3.0 - having + 0.5) / (having + 0.5)).ln();
    let all = rarity(1.0) + rarity(2.0) + rarity(0.0);
    let shares = [("both", (rarity(1.0) + rarity(2.0)) / all), ("one", rarity(2.0) / all)];
    assert_eq!(matches.len(), shares.len());
    for (found, (id, share)) in matches.iter().zip(shares) {
        assert_eq!(found.key.event.as_str(), id);
        assert!((found.share - share).abs() < 1e-5, "{found:?} is not {share}");
    }
    Ok(())
}

pub async fn a_word_weighs_by_where_it_stands(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let person = |name: &str, address: &str| Person {
        display_name: Some(name.into()),
        email: Some(address.into()),
        ..Person::default()
    };
    let guest = Attendee { display_name: Some("Zoë Budget".into()), ..Attendee::new("zoe@example.com") };
    let rows = vec![
        changed(&one_off("text", "A", 0), |event| {
            event.description = Some("<p>the&nbsp;<b>BUDGETS</b></p>".into())
        }),
        changed(&one_off("guest", "B", 0), |event| event.attendees = Some(vec![guest])),
        changed(&one_off("organizer", "C", 0), |event| {
            event.organizer = Some(person("Bob", "budget@example.com"))
        }),
        changed(&one_off("place", "D", 0), |event| event.location = Some("Budget room".into())),
        one_off("title", "Budget", 0),
        one_off("none", "Budgeting", 0),
    ];
    scene.bring(rows).await?;

    let matches = matches(&scene, "budget", SearchFilter::default()).await?;

    let ids: Vec<&str> = matches.iter().map(|found| found.key.event.as_str()).collect();
    assert_eq!(ids, ["title", "guest", "organizer", "place", "text"]);
    let rarity = (1.0_f32 + (6.0 - 5.0 + 0.5) / (5.0 + 0.5)).ln();
    for (found, weight) in matches.iter().zip([1.0, 0.4, 0.4, 0.4, 0.2]) {
        assert!((found.score - rarity * weight).abs() < 1e-4, "{found:?} is not {}", rarity * weight);
    }
    Ok(())
}

pub async fn of_a_series_the_best_alone_is_found(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let retro = changed(&exception("m", "m_2"), |event| event.summary = Some("Standup and retro".into()));
    let lunch = one_off("lunch", "Lunch", 0);
    scene.bring(vec![exception("m", "m_1"), retro, cancelled("m", "m_3"), master("m"), lunch]).await?;

    assert_eq!(found(&scene, "standup").await?, ["m"], "the master, where an exception is no better");
    let retro = matches(&scene, "retro standup", SearchFilter::default()).await?;
    assert_eq!(retro.len(), 1);
    assert_eq!((retro[0].key.event.as_str(), retro[0].series.as_str()), ("m_2", "m"));
    Ok(())
}

pub async fn an_event_is_found_by_what_it_says_now(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let odd = changed(&one_off("b", "odd", 1), |event| {
        event.summary = Some("Dentist\0 'quoted' it''s \\ :*".into());
        event.attendees = Some(vec![Attendee::new("a\0b\n@example.com")]);
    });
    scene.bring(vec![one_off("a", "Dentist", 0), odd]).await?;
    scene.bring(vec![one_off("a", "Haircut", 0)]).await?;

    assert_eq!(found(&scene, "dentist").await?, ["b"]);
    assert_eq!(found(&scene, "quoted").await?, ["b"]);
    assert_eq!(found(&scene, "haircut").await?, ["a"]);
    scene.take(&["a"]).await?;
    assert!(found(&scene, "haircut").await?.is_empty());
    Ok(())
}

pub async fn what_fits_equally_well_comes_by_its_key(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(["c", "a", "d", "b"].map(|id| one_off(id, "Lunch", 0)).into()).await?;
    embed(&scene, "m", &[("c", [1.0, 0.0]), ("a", [1.0, 0.0]), ("b", [1.0, 0.0])]).await?;
    scene.bring(["c", "a", "d", "b"].map(|id| one_off(id, "Lunch", 1)).into()).await?;

    assert_eq!(found(&scene, "lunch").await?, ["a", "b", "c", "d"]);
    let limited = WordQuery { limit: 2, ..asked("lunch", SearchFilter::default()) };
    let limited = store.matching(&scene.account.user, &limited).await?;
    assert_eq!(limited.iter().map(|found| found.key.event.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(near(&scene, SearchFilter::default()).await?, ["a", "b", "c"]);
    Ok(())
}

pub async fn a_range_finds_what_may_take_place_in_it(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let series =
        |id: &str, rule: &str| changed(&master(id), |event| event.recurrence = Some(vec![rule.to_owned()]));
    let rows = vec![
        one_off("before", "Standup", -60),
        one_off("into", "Standup", -15),
        one_off("after", "Standup", 60),
        series("endless", "RRULE:FREQ=DAILY"),
        series("ended", "RRULE:FREQ=DAILY;UNTIL=20250328T100000Z"),
        series("lasting", "RRULE:FREQ=DAILY;UNTIL=20250401T090000Z"),
    ];
    scene.bring(rows).await?;
    embed_all(&scene, &["before", "into", "after", "endless", "ended", "lasting"]).await?;
    let during = |from: i64, to: i64| -> Result<SearchFilter> {
        Ok(SearchFilter { range: Some(TimeRange::new(at(from), at(to))?), ..SearchFilter::default() })
    };

    for (filter, expected) in [
        (during(0, 60)?, vec!["ended", "endless", "into", "lasting"]),
        (during(1440, 2880)?, vec!["endless", "lasting"]),
        (during(-120, -30)?, vec!["before"]),
        (during(14_400, 14_500)?, vec!["endless"]),
    ] {
        let matches = matches(&scene, "standup", filter.clone()).await?;
        let mut ids: Vec<&str> = matches.iter().map(|found| found.key.event.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "by words");
        let mut ids = near(&scene, filter).await?;
        ids.sort_unstable();
        assert_eq!(ids, expected, "by meaning");
    }
    Ok(())
}

pub async fn an_attendee_is_found_in_any_case(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let organizer = Person { email: Some("Bob@Example.com".into()), ..Person::default() };
    let rows = vec![
        changed(&one_off("guest", "Lunch", 0), |event| {
            event.attendees = Some(vec![Attendee::new("BOB@example.com")])
        }),
        changed(&one_off("organizer", "Lunch", 0), |event| event.organizer = Some(organizer)),
        changed(&one_off("mentions", "Lunch bob@example.com", 0), |_| {}),
    ];
    scene.bring(rows).await?;
    embed_all(&scene, &["guest", "organizer", "mentions"]).await?;
    let filter = SearchFilter { attendee: Some("bob@example.com".into()), ..SearchFilter::default() };

    let ids: Vec<String> = matches(&scene, "lunch", filter.clone())
        .await?
        .iter()
        .map(|found| found.key.event.to_string())
        .collect();
    assert_eq!(ids, ["guest", "organizer"]);
    assert_eq!(near(&scene, filter).await?, ["guest", "organizer"]);
    Ok(())
}

pub async fn filters_apply_before_a_list_is_cut(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let home = scene.account.calendar("home@example.com");
    let titles = [entry("work@example.com", "Work"), entry("home@example.com", "Home")];
    scene.list(titles.into(), Listing::Delta).await?;
    let at_home = Scene::of(&store, "ada", "home@example.com").await?;
    let better: Vec<EventRow> = (0..9).map(|n| one_off(&format!("w{n}"), "Lunch lunch", n)).collect();
    scene.bring(better).await?;
    at_home
        .store
        .commit_page(&SyncPage {
            events: vec![one_off("late", "Long lunch", 0)],
            ..at_home.page(Listing::Delta, 0)
        })
        .await?;
    let near_ids: Vec<String> = (0..9).map(|n| format!("w{n}")).collect();
    embed_all(&scene, &near_ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let rows = vec![row(&at_home, "late", Some([0.5, 1.0]))];
    store.commit_embeddings(&EmbeddingPage { rows, ..page(&at_home, "m").await? }).await?;
    let filter = SearchFilter { calendars: Some(vec![home]), ..SearchFilter::default() };

    let by_words = WordQuery { limit: 1, ..asked("lunch", filter.clone()) };
    let by_words = store.matching(&scene.account.user, &by_words).await?;
    let by_meaning = VectorQuery { limit: 1, filter, ..query("m") };
    let by_meaning = store.nearest(&scene.account.user, &by_meaning).await?;

    assert_eq!(by_words[0].key.event.as_str(), "late");
    assert_eq!(by_meaning[0].key.event.as_str(), "late");
    let none = SearchFilter { calendars: Some(Vec::new()), ..SearchFilter::default() };
    assert!(matches(&scene, "lunch", none).await?.is_empty());
    Ok(())
}

async fn embed_all(scene: &Scene, ids: &[&str]) -> Result<()> {
    let rows = ids.iter().map(|id| row(scene, id, Some([1.0, 0.0]))).collect();
    scene.store.commit_embeddings(&EmbeddingPage { rows, ..page(scene, "m").await? }).await
}

async fn found(scene: &Scene, text: &str) -> Result<Vec<String>> {
    let matches = matches(scene, text, SearchFilter::default()).await?;
    Ok(matches.iter().map(|found| found.key.event.to_string()).collect())
}

async fn near(scene: &Scene, filter: SearchFilter) -> Result<Vec<String>> {
    let nearest = scene.store.nearest(&scene.account.user, &VectorQuery { filter, ..query("m") }).await?;
    Ok(nearest.iter().map(|found| found.key.event.to_string()).collect())
}

async fn matches(scene: &Scene, text: &str, filter: SearchFilter) -> Result<Vec<WordMatch>> {
    scene.store.matching(&scene.account.user, &asked(text, filter)).await
}

fn asked(text: &str, filter: SearchFilter) -> WordQuery {
    WordQuery { words: words(text).collect(), filter, limit: 100 }
}
