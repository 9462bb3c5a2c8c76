//! Push channels at Google, and what is known of them here.

use std::{sync::Arc, time::Duration};

use fake_google::{Channel, Fault, FaultKind};
use flows::{ADA, Fate, Interrupted, MortalHttp, MortalStore, Person, google_http};
use sha2::{Digest, Sha256};
use theo_calendar::{
    CalendarService, ErrorKind,
    http::HttpClient,
    id::AccountKey,
    recurrence::Tzdb,
    storage::{self, Storage},
    sync::{Registration, SyncResource},
    time::Clock,
};

use super::STORE;

/// Nobody listens there: notifications are lost.
const ADDRESS: &str = "https://127.0.0.1:1/hook";

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A channel of a week then ends within a day.
const SIX_DAYS: Duration = Duration::from_secs(6 * 24 * 60 * 60 + 60);

const TEAM: &str = "team@example.com";

/// A process of Ada's over that store and HTTP.
fn process(ada: &Person, store: Arc<dyn Storage>, http: impl HttpClient + 'static) -> CalendarService {
    let clock = Arc::new(ada.clock.clone());
    let service = CalendarService::new(store, ada.client_over(http), clock, Arc::new(Tzdb), "worker");
    service.with_webhooks(ADDRESS).unwrap()
}

fn service(ada: &Person) -> CalendarService {
    process(ada, ada.store.clone(), google_http())
}

fn events(ada: &Person, calendar: &str) -> SyncResource {
    SyncResource::Events(ada.key(calendar))
}

async fn stored(ada: &Person) -> Vec<storage::Channel> {
    ada.store.channels(&ada.account.user).await.unwrap()
}

/// The channels at Google that are known here.
async fn live(ada: &Person) -> Vec<storage::Channel> {
    let open: Vec<Channel> = ada.google.channels();
    let mut known = stored(ada).await;
    known.retain(|channel| open.iter().any(|open| open.id == channel.id.as_str()));
    known
}

#[tokio::test]
async fn a_channel_is_open_at_google_and_of_its_token_only_the_hash_is_stored() {
    let ada = Person::new().kept_in(STORE).await;
    ada.sync().await;
    let list = SyncResource::CalendarList(ada.account.clone());

    for resource in [events(&ada, "primary"), list.clone()] {
        let registered = service(&ada).register_webhook(&resource).await.unwrap();
        assert!(matches!(registered, Registration::Opened(_)), "{registered:?}");
    }

    let open = ada.google.channels();
    let stored = stored(&ada).await;
    assert_eq!((open.len(), stored.len()), (2, 2));
    for channel in &stored {
        let open = open.iter().find(|open| open.id == channel.id.as_str()).unwrap();
        let token = open.token.as_ref().unwrap();
        assert_eq!(token.len(), 43, "256 bits");
        assert_eq!(channel.token_hash, <[u8; 32]>::from(Sha256::digest(token.as_bytes())));
        assert_eq!((&channel.resource_id, &*open.address), (&open.resource_id, ADDRESS));
        assert_eq!(channel.expires_at.timestamp(), open.expires.timestamp());
    }
    assert_ne!(open[0].token, open[1].token);
    let mut resources: Vec<_> = stored.into_iter().map(|channel| channel.resource).collect();
    resources.sort();
    assert_eq!(resources, [list, events(&ada, ADA)]);
}

#[tokio::test]
async fn only_addresses_that_google_may_notify_are_taken_and_without_one_nothing_is_opened() {
    let ada = Person::new().kept_in(STORE).await;
    ada.sync().await;
    for address in ["http://example.com/hook", "hook", "https://ada:secret@example.com/hook"] {
        let refused = service(&ada).with_webhooks(address).map(drop).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{address}");
    }
    let clock = Arc::new(ada.clock.clone());
    let without = CalendarService::new(ada.store.clone(), ada.client(), clock, Arc::new(Tzdb), "worker");

    let refused = without.register_webhook(&events(&ada, ADA)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    let tick = without.renew_due(10).await.unwrap();
    assert!(tick.opened.is_empty() && tick.failed.is_empty(), "{tick:?}");
    assert!(ada.google.channels().is_empty());
}

#[tokio::test]
async fn what_has_no_channel_gets_one_and_each_is_renewed_once_before_it_ends() {
    let ada = Person::new().kept_in(STORE).await.calendar(TEAM, "UTC");
    ada.sync().await;
    let first = service(&ada).renew_due(2).await.unwrap();
    assert_eq!((first.opened.len(), first.next_at), (2, Clock::now(&ada.clock)));
    assert_eq!(service(&ada).renew_due(10).await.unwrap().opened.len(), 1);
    let before = stored(&ada).await;

    ada.pass(SIX_DAYS - HOUR).await;
    assert!(service(&ada).renew_due(10).await.unwrap().opened.is_empty(), "they last for longer than a day");
    ada.pass(HOUR).await;
    let tick = service(&ada).renew_due(10).await.unwrap();

    assert_eq!(tick.opened.len(), 3, "{tick:?}");
    assert_eq!((tick.next_at - Clock::now(&ada.clock)).num_hours(), 6);
    assert!(service(&ada).renew_due(10).await.unwrap().opened.is_empty());
    assert_eq!((ada.google.channels().len(), stored(&ada).await.len(), live(&ada).await.len()), (3, 3, 3));
    assert!(stored(&ada).await.iter().all(|new| before.iter().all(|old| old.id != new.id)));
    assert_eq!(ada.google.requests("channels.stop"), 3);
}

/// FAULTS 13: at each point of a renewal, the one between the answer and its saving among them.
#[tokio::test]
async fn a_renewal_that_dies_anywhere_leaves_a_live_channel_and_at_most_one_that_nobody_knows() {
    let (mut points, mut orphans) = (0, 0);
    loop {
        let ada = Person::new().kept_in(STORE).await;
        ada.sync().await;
        service(&ada).register_webhook(&events(&ada, ADA)).await.unwrap();
        ada.pass(SIX_DAYS).await;
        let fate = Fate::dies_at(points);

        let ended = fate.run(mortal(&ada, &fate).register_webhook(&events(&ada, ADA))).await;

        assert!(!live(&ada).await.is_empty(), "nobody is notified after {}", fate.died_at());
        let unknown = ada.google.channels().len() - live(&ada).await.len();
        assert!(unknown <= 1, "{}", fate.died_at());
        orphans += unknown;
        if ended.is_some() {
            break;
        }
        points += 1;

        // Whoever comes next renews it, and a week later all that was left behind is gone.
        ada.pass(2 * HOUR).await;
        service(&ada).renew_due(10).await.unwrap();
        assert!(!live(&ada).await.is_empty());
        for _ in 0..2 {
            ada.pass(SIX_DAYS).await;
            service(&ada).renew_due(10).await.unwrap();
        }
        let known = stored(&ada).await;
        assert_eq!(
            (known.len(), live(&ada).await.len(), ada.google.channels().len()),
            (2, 2, 2),
            "{known:#?}"
        );
    }
    println!(
        "a renewal was killed at {points} points; {orphans} times Google kept a channel that nobody knows"
    );
    assert!(points >= 16 && orphans >= 1, "{points} points, {orphans} orphans");
}

/// FAULTS 13: no storm.
#[tokio::test]
async fn a_worker_that_dies_before_saving_again_and_again_opens_one_channel_an_hour() {
    let (ada, fate) = (one_to_renew().await, Fate::lives());
    mortal(&ada, &fate).renew_due(10).await.unwrap();
    let fatal = fate.reached().iter().position(|point| point == "before insert_channel").unwrap();

    let ada = one_to_renew().await;
    let mut deaths = 0;
    for _ in 0..36 {
        let fate = Fate::dies_at(fatal);
        if fate.run(mortal(&ada, &fate).renew_due(10)).await.is_none() {
            assert_eq!(fate.died_at(), "before insert_channel");
            deaths += 1;
        }
        ada.pass(Duration::from_secs(5 * 60)).await;
    }

    assert_eq!((deaths, ada.google.requests("events.watch")), (3, 3), "in three hours");
    service(&ada).renew_due(10).await.unwrap();
    assert!(live(&ada).await.iter().any(|channel| channel.resource == events(&ada, ADA)));
}

/// Ada, whose list has a channel and whose calendar has none.
async fn one_to_renew() -> Person {
    let ada = Person::new().kept_in(STORE).await;
    ada.sync().await;
    service(&ada).register_webhook(&SyncResource::CalendarList(ada.account.clone())).await.unwrap();
    ada
}

/// A process of that fate.
fn mortal(ada: &Person, fate: &Fate) -> CalendarService {
    let store = Arc::new(MortalStore::new(ada.store.clone(), fate.clone()));
    process(ada, store, MortalHttp::new(google_http(), fate.clone()))
}

/// FAULTS 12: a calendar that cannot be watched is well.
#[tokio::test]
async fn a_calendar_that_google_refuses_to_watch_is_polled_and_asked_about_once_a_week() {
    let ada = Person::new().kept_in(STORE).await.calendar(TEAM, "UTC");
    ada.sync().await;
    ada.google.refuse_watch(TEAM, true);

    let tick = service(&ada).renew_due(10).await.unwrap();
    assert_eq!(tick.refused, [events(&ada, TEAM)]);
    assert_eq!((tick.opened.len(), tick.failed.len()), (2, 0), "{tick:?}");
    let registered = service(&ada).register_webhook(&events(&ada, TEAM)).await.unwrap();
    assert_eq!(registered, Registration::Refused);

    let asked = ada.google.requests("events.watch");
    for _ in 0..20 {
        ada.pass(6 * HOUR).await;
        assert!(service(&ada).renew_due(10).await.unwrap().failed.is_empty());
    }
    assert_eq!(ada.google.requests("events.watch"), asked);
    ada.event(TEAM, "Seen all the same", 2);
    let polled = ada.worker("worker").sync_due(10).await.unwrap();
    assert!(polled.report.is_complete(), "{polled:?}");
    ada.assert_mirrors_google(&[ADA, TEAM]).await;

    ada.google.refuse_watch(TEAM, false);
    ada.pass(3 * 24 * HOUR).await;
    service(&ada).renew_due(10).await.unwrap();
    assert!(live(&ada).await.iter().any(|channel| channel.resource == events(&ada, TEAM)));
}

#[tokio::test]
async fn what_fails_is_reported_stops_no_other_and_is_tried_again() {
    let ada = Person::new().kept_in(STORE).await.calendar(TEAM, "UTC");
    ada.sync().await;
    let unavailable = FaultKind::Status { status: 503, reason: "backendError".to_owned(), retry_after: None };
    ada.google.fault(Fault::once("events.watch", unavailable).for_calendar(TEAM));

    let tick = service(&ada).renew_due(10).await.unwrap();
    assert_eq!((tick.opened.len(), tick.failed.len()), (2, 1), "{tick:?}");
    assert_eq!((&tick.failed[0].0, tick.failed[0].1.kind()), (&events(&ada, TEAM), ErrorKind::Unavailable));
    assert!(service(&ada).renew_due(10).await.unwrap().opened.is_empty(), "not at once");
    ada.pass(6 * HOUR).await;
    assert_eq!(service(&ada).renew_due(10).await.unwrap().opened.len(), 1);
    assert_eq!(live(&ada).await.len(), 3);
}

#[tokio::test]
async fn two_workers_at_once_open_one_channel_for_each_resource() {
    for at in 0..2 {
        for after_answer in [false, true] {
            let ada = Arc::new(Person::new().kept_in(STORE).await);
            ada.sync().await;
            let second = ada.clone();
            let wire = Interrupted::at(at, after_answer, async move {
                service(&second).renew_due(10).await.unwrap();
            });

            let tick = process(&ada, ada.store.clone(), wire.clone()).renew_due(10).await.unwrap();

            assert!(wire.happened() && tick.failed.is_empty(), "{tick:?}");
            assert_eq!((ada.google.channels().len(), live(&ada).await.len()), (2, 2));
            assert_eq!(ada.google.requests("events.watch") + ada.google.requests("calendarList.watch"), 2);
        }
    }
}

/// I5: two people watch the same calendar.
#[tokio::test]
async fn a_persons_channels_never_touch_those_of_another() {
    let ada = Person::new().kept_in(STORE).await;
    let email = "bob@example.com";
    ada.google.add_person(email, "UTC");
    ada.google.share(ADA, email, "writer");
    let mut bob = Person::at(ada.google.clone(), ada.clock.clone(), email);
    (bob.store, bob.account) = (ada.store.clone(), AccountKey::new("bob", email));
    ada.sync().await;
    bob.sync().await;
    service(&bob).register_webhook(&events(&bob, ADA)).await.unwrap();
    let his = live(&bob).await;

    for _ in 0..3 {
        service(&ada).register_webhook(&events(&ada, ADA)).await.unwrap();
    }

    assert_eq!((live(&bob).await, his.len()), (his, 1));
    assert_eq!((live(&ada).await.len(), ada.google.channels().len()), (1, 2));
    let foreign = service(&ada).register_webhook(&SyncResource::Events(ada.account.calendar(email))).await;
    assert_eq!(foreign.unwrap_err().kind(), ErrorKind::NotFound);
}
