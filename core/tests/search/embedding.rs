//! The tick that embeds what changed.

use std::time::Duration;

use theo_calendar::{
    CalendarService, Error, ErrorKind,
    auth::StaticToken,
    client::CalendarClient,
    recurrence::UtcOnly,
    search::SearchQuery,
    storage::{EmbeddingStore, LeaseStore, MemoryStore},
    sync::{SyncOptions, Unobserved},
    testing::{FakeClock, FakeTimer, ScriptedHttp},
};

use std::sync::Arc;

use crate::{
    home::{Home, exception, ids, master, one_off, sound},
    toy::Toy,
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_series_has_one_embedding_and_its_exceptions_none() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    home.bring(vec![master("m", "Standup"), exception("m_1", "Standup, moved", "m"), one_off("a", "Lunch")])
        .await;

    let tick = sound(home.with(toy.clone()).embed_due(10).await);

    assert_eq!(tick.embedded, 2);
    let texts: Vec<String> = toy.calls().concat();
    assert_eq!(
        texts,
        [
            "Standup\nRepeats every week, since Friday 28 March 2025, 10:00–11:00",
            "Lunch\nFriday 28 March 2025, 10:00–11:00"
        ]
    );
}

#[tokio::test]
async fn what_says_the_same_is_not_embedded_again() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring(vec![one_off("a", "Lunch"), one_off("b", "Dentist")]).await;
    sound(search.embed_due(10).await);
    assert_eq!(toy.texts(), 2);

    let same = |event| theo_calendar::model::Event {
        etag: Some("\"2\"".into()),
        color_id: Some("5".into()),
        ..event
    };
    home.bring(vec![same(one_off("a", "Lunch")), one_off("b", "Haircut")]).await;
    let tick = sound(search.embed_due(10).await);

    assert_eq!((tick.embedded, tick.unchanged, toy.texts()), (1, 1, 1));
    let tick = sound(search.embed_due(10).await);
    assert_eq!((tick.embedded, tick.unchanged, toy.texts()), (0, 0, 0), "nothing changed since");
}

#[tokio::test]
async fn texts_go_in_batches_and_a_large_mirror_takes_several_ticks() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring((0..2_100).map(|n| one_off(&format!("e{n:04}"), &format!("Meeting {n}"))).collect()).await;

    let first = sound(search.embed_due(10).await);
    let sizes: Vec<usize> = toy.calls().iter().map(Vec::len).collect();
    let second = sound(search.embed_due(10).await);

    assert_eq!((first.embedded, second.embedded), (2_048, 52));
    assert_eq!(sizes, [64; 32]);
    assert_eq!(first.next_at, home.now(), "there is more to do");
    assert!(second.next_at > home.now());
}

#[tokio::test]
async fn a_deleted_event_is_no_longer_found() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring(vec![one_off("a", "Lunch with Bob"), one_off("b", "Lunch with Eve")]).await;
    sound(search.embed_due(10).await);

    home.take(&["a"]).await;

    assert_eq!(ids(&home.ask(&search, SearchQuery::new("lunch")).await), ["b"], "before the next tick too");
    sound(search.embed_due(10).await);
    assert_eq!(ids(&home.ask(&search, SearchQuery::new("lunch")).await), ["b"]);
}

#[tokio::test]
async fn a_failing_embedder_is_asked_ever_less_often() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring(vec![one_off("a", "Lunch")]).await;
    toy.is_down();

    for failures in 1..=12_u32 {
        let tick = search.embed_due(10).await.unwrap();
        assert_eq!(tick.failures.len(), 1, "failure {failures}");
        let progress = home.store.embedding_status(&home.user(), "toy").await.unwrap().progress;
        let wait = (progress.retry_at.unwrap() - home.now()).to_std().unwrap();
        assert_eq!(progress.failures, failures);
        assert!(
            wait <= Duration::from_secs(2 << (failures - 1)).min(60 * MINUTE),
            "{wait:?} after {failures}"
        );
        if wait > Duration::from_millis(1) {
            assert!(
                search.embed_due(10).await.unwrap().failures.is_empty(),
                "it is not asked before its time"
            );
        }
        home.clock.advance(wait);
    }
    toy.works_again();
    assert_eq!(sound(search.embed_due(10).await).embedded, 1);
    let progress = home.store.embedding_status(&home.user(), "toy").await.unwrap().progress;
    assert_eq!((progress.failures, progress.retry_at), (0, None));
}

#[tokio::test]
async fn a_retry_after_is_honoured() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring(vec![one_off("a", "Lunch")]).await;
    toy.fails(|_| Some(Error::new(ErrorKind::RateLimited, "later").with_retry_after(10 * MINUTE)));
    search.embed_due(10).await.unwrap();
    toy.works_again();

    home.clock.advance(9 * MINUTE);
    assert_eq!(sound(search.embed_due(10).await).embedded, 0);
    home.clock.advance(2 * MINUTE);
    assert_eq!(sound(search.embed_due(10).await).embedded, 1);
}

#[tokio::test]
async fn what_was_embedded_before_a_failure_is_not_embedded_again() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring((0..100).map(|n| one_off(&format!("e{n:03}"), &format!("Meeting {n:03}"))).collect()).await;
    toy.fails(|texts| {
        let second = texts.iter().any(|text| text.contains("Meeting 099"));
        second.then(|| Error::new(ErrorKind::Timeout, "too slow"))
    });
    let tick = search.embed_due(10).await.unwrap();
    assert_eq!((tick.embedded, tick.failures.len()), (64, 1));
    toy.works_again();
    toy.calls();

    home.clock.advance(MINUTE);
    let tick = sound(search.embed_due(10).await);

    assert_eq!((tick.embedded, tick.unchanged, toy.texts()), (36, 64, 36));
}

#[tokio::test]
async fn a_text_that_is_refused_keeps_no_other_from_being_embedded() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring((0..64).map(|n| one_off(&format!("e{n:02}"), &format!("Meeting {n:02}"))).collect()).await;
    toy.refuses("Meeting 40");

    let tick = sound(search.embed_due(10).await);

    assert_eq!(tick.embedded, 63);
    assert_eq!(tick.refused, [home.calendar.event("e40")]);
    assert!(toy.calls().len() < 20, "it is found by halves");
    home.bring(vec![one_off("e41", "Something else")]).await;
    assert_eq!(sound(search.embed_due(10).await).refused, [], "it is not tried again");
    toy.calls();
    home.bring(vec![one_off("e40", "Lunch")]).await;
    assert_eq!(sound(search.embed_due(10).await).embedded, 1, "unless it changes");
}

#[tokio::test]
async fn an_embedder_that_refuses_everything_passes_over_nothing() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    let search = home.with(toy.clone());
    home.bring((0..64).map(|n| one_off(&format!("e{n:02}"), "Lunch")).collect()).await;
    toy.refuses("");

    let tick = search.embed_due(10).await.unwrap();

    assert_eq!((tick.refused.len(), tick.failures.len(), toy.calls().len()), (0, 1, 2));
    toy.works_again();
    home.clock.advance(MINUTE);
    assert_eq!(sound(search.embed_due(10).await).embedded, 64);
}

#[tokio::test]
async fn a_vector_of_other_dimensions_is_not_stored() {
    let home = Home::new().await;
    home.bring(vec![one_off("a", "Lunch")]).await;
    sound(home.with(Toy::of("toy", 64)).embed_due(10).await);
    home.bring(vec![one_off("b", "Dentist")]).await;

    let tick = home.with(Toy::of("toy", 32)).embed_due(10).await.unwrap();

    let (user, error) = &tick.failures[0];
    assert_eq!((user, error.kind()), (&home.user(), ErrorKind::InvalidInput));
    assert!(error.to_string().contains("drop_embeddings"), "{error}");
}

#[tokio::test]
async fn one_users_failure_leaves_the_others() {
    let (ada, toy) = (Home::new().await, Toy::new("toy"));
    let bob = ada.beside("bob", "home@example.com").await;
    ada.bring(vec![one_off("a", "Poison")]).await;
    bob.bring(vec![one_off("a", "Lunch")]).await;
    toy.fails(|texts| {
        let poisoned = texts.iter().any(|text| text.contains("Poison"));
        poisoned.then(|| Error::new(ErrorKind::Unavailable, "the toy fell over"))
    });

    let tick = ada.with(toy.clone()).embed_due(10).await.unwrap();

    assert_eq!((tick.embedded, tick.failures.len()), (1, 1));
    assert!(bob.store.embedding_status(&bob.user(), "toy").await.unwrap().is_complete());
    assert!(!ada.store.embedding_status(&ada.user(), "toy").await.unwrap().is_complete());
}

#[tokio::test]
async fn a_user_whom_another_worker_embeds_is_left_alone() {
    let (home, toy) = (Home::new().await, Toy::new("toy"));
    home.bring(vec![one_off("a", "Lunch")]).await;
    let name = format!("embed {:?}", (&home.user(), "toy"));
    home.store.acquire(&name, "another worker", MINUTE).await.unwrap().unwrap();

    let tick = sound(home.with(toy.clone()).embed_due(10).await);

    assert_eq!((tick.embedded, toy.texts()), (0, 0));
    assert!(tick.next_at > home.now(), "no tick after tick while the other works");
}

#[tokio::test]
async fn a_sync_knows_nothing_of_an_embedder_that_fails() {
    let clock = FakeClock::default();
    let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let http = ScriptedHttp::default();
    http.answer(
        200,
        r#"{"items": [{"id": "work@example.com", "accessRole": "owner"}], "nextSyncToken": "l"}"#,
    )
    .answer(
        200,
        r#"{"items": [{"id": "lunch", "etag": "\"1\"", "summary": "Lunch"}], "nextSyncToken": "e"}"#,
    );
    let timer = FakeTimer::new(&clock).never_reaching(Duration::from_secs(30));
    let client =
        CalendarClient::builder(http, StaticToken::new("secret"), clock.clone(), timer).build().unwrap();
    let toy = Toy::new("toy");
    toy.is_down();
    let service = CalendarService::new(store, client, Arc::new(clock), Arc::new(UtcOnly), "worker")
        .with_embedder(toy.clone());
    let options = SyncOptions { accounts: Some(vec!["ada@example.com".into()]), ..SyncOptions::default() };

    let report = service.full_sync(&"ada".into(), &options, &Unobserved).await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    assert_eq!((report.events_added, toy.texts()), (1, 0));
    assert_eq!(service.embed_due(10).await.unwrap().failures.len(), 1);
    let found = service.search(&"ada".into(), &SearchQuery::new("lunch")).await.unwrap();
    assert_eq!(ids(&found), ["lunch"]);
}
