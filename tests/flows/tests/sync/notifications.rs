//! What Google notifies of, believed or not, and what is synced for it.

use std::{sync::Arc, time::Duration};

use flows::{ADA, Hook, Interrupted, Person, google_http};
use http::{HeaderMap, HeaderName, HeaderValue};
use theo_calendar::{
    CalendarService,
    http::HttpClient,
    recurrence::Tzdb,
    sync::{Disbelief, Received, SyncOptions, SyncResource, Unobserved},
    time::Clock,
};

use super::STORE;

const TEAM: &str = "team@example.com";

const TOKEN: &str = "x-goog-channel-token";
const CHANNEL: &str = "x-goog-channel-id";
const RESOURCE: &str = "x-goog-resource-id";
const STATE: &str = "x-goog-resource-state";

/// Longer than calendars go without being polled.
const UNTIL_POLLED: Duration = Duration::from_secs(16 * 60);

/// Ada, whose calendar is watched by a hook of hers.
struct Watched {
    ada: Arc<Person>,
    hook: Hook,
    service: CalendarService,
}

impl Watched {
    async fn new() -> Self {
        let ada = Arc::new(Person::new().calendar(TEAM, "UTC").page_of(2).kept_in(STORE).await);
        ada.sync().await;
        let mut hook = Hook::open().await;
        let service = process(&ada, google_http()).with_webhooks(&hook.address).unwrap();
        service.register_webhook(&watched(&ada)).await.unwrap();
        let handshake = hook.next().await;
        assert_eq!(handshake[STATE], "sync");
        assert_eq!(service.receive_webhook(&handshake).await.unwrap(), Received::Handshake);
        assert_eq!(ada.state(ADA).await.dirty, 0);
        Self { ada, hook, service }
    }

    /// An event is made in Google's own pages; the notification of it.
    async fn change(&mut self, summary: &str, hours: i64) -> HeaderMap {
        self.ada.event(ADA, summary, hours);
        self.hook.next().await
    }

    /// Syncs for a notification; how often Google was asked.
    async fn follow(&self) -> u64 {
        let before = self.ada.google.requests("events.list");
        let report = self.service.sync_resource(&watched(&self.ada)).await.unwrap();
        assert!(report.is_complete(), "{report:?}");
        self.ada.google.requests("events.list") - before
    }
}

fn process(ada: &Person, http: impl HttpClient + 'static) -> CalendarService {
    let clock = Arc::new(ada.clock.clone());
    CalendarService::new(ada.store.clone(), ada.client_over(http), clock, Arc::new(Tzdb), "worker")
}

fn watched(ada: &Person) -> SyncResource {
    SyncResource::Events(ada.key(ADA))
}

fn with(headers: &HeaderMap, name: &'static str, value: &[u8]) -> HeaderMap {
    let mut headers = headers.clone();
    headers.insert(name, HeaderValue::from_bytes(value).unwrap());
    headers
}

#[tokio::test]
async fn what_changes_at_google_is_notified_and_mirrored() {
    let mut watched = Watched::new().await;
    let notification = watched.change("New", 2).await;

    let received = watched.service.receive_webhook(&notification).await.unwrap();

    let Received::Changed { resource, sync_at } = received else { panic!("{received:?}") };
    assert_eq!(resource, self::watched(&watched.ada));
    assert_eq!((sync_at - Clock::now(&watched.ada.clock)).num_seconds(), 2, "a burst is over then");
    assert_eq!(watched.follow().await, 1);
    watched.ada.assert_mirrors_google(&[ADA]).await;
    assert_eq!(watched.follow().await, 0, "what was followed is not followed again");
}

/// FAULTS 9.
#[tokio::test]
async fn notifications_that_come_often_and_in_any_order_cost_at_most_one_sync_more() {
    let mut watched = Watched::new().await;
    let mut notifications = Vec::new();
    for hours in 1..6 {
        notifications.push(watched.change("Many", hours).await);
    }
    let mut replayed: Vec<HeaderMap> = notifications.iter().cycle().take(100).cloned().collect();
    fastrand::Rng::with_seed(9).shuffle(&mut replayed);
    for notification in &replayed {
        watched.service.receive_webhook(notification).await.unwrap();
    }
    assert_eq!(watched.follow().await, 1);

    for notification in &replayed {
        watched.service.receive_webhook(notification).await.unwrap();
        assert!(watched.ada.state(ADA).await.dirty > 0);
    }
    assert_eq!((watched.follow().await, watched.follow().await), (1, 0));
    watched.ada.assert_mirrors_google(&[ADA]).await;
}

/// FAULTS 10: before and after each request of a listing of several pages.
#[tokio::test]
async fn a_notification_during_a_sync_makes_another_one_wherever_it_comes() {
    let mut moments = 0;
    for (at, after_answer) in (0..).flat_map(|at| [(at, false), (at, true)]) {
        let watched = Watched::new().await;
        for hours in 1..6 {
            watched.ada.event(ADA, "Before", hours);
        }
        let Watched { ada, mut hook, service } = watched;
        let (meanwhile, notified) = (ada.clone(), service.clone());
        let wire = Interrupted::at(at, after_answer, async move {
            meanwhile.event(ADA, "Meanwhile", 7);
            // Those of the events before it come first.
            for _ in 0..6 {
                let received = notified.receive_webhook(&hook.next().await).await.unwrap();
                assert!(matches!(received, Received::Changed { .. }), "{received:?}");
            }
        });
        let worker = ada.worker_with(ada.client_over(wire.clone()), "worker");
        let options = SyncOptions { force_refresh: true, ..ada.everything() };

        worker.full_sync(&ada.account.user, &options, &Unobserved).await.unwrap();

        if !wire.happened() {
            break;
        }
        moments += 1;
        service.sync_due(10).await.unwrap();
        ada.assert_mirrors_google(&[ADA]).await;
        let state = ada.state(ADA).await;
        assert_eq!(state.clean, state.dirty, "request {at}");
    }
    println!("a notification came at {moments} moments of a sync");
    assert!(moments >= 10, "{moments}: the list and three pages, each before and after");
}

/// FAULTS 11.
#[tokio::test]
async fn what_does_not_fit_an_open_channel_is_ignored_and_makes_nothing_due() {
    let mut watched = Watched::new().await;
    let team = SyncResource::Events(watched.ada.key(TEAM));
    watched.service.register_webhook(&team).await.unwrap();
    let others = watched.hook.next().await;
    let good = watched.change("New", 2).await;

    let another = |name| with(&good, name, others[name].as_bytes());
    let doubled = |name: &'static str| {
        let mut headers = good.clone();
        headers.append(name, good[name].clone());
        headers
    };
    let mut cases = vec![
        (another(TOKEN), Disbelief::WrongToken),
        (another(CHANNEL), Disbelief::WrongToken),
        (another(RESOURCE), Disbelief::WrongResource),
        (with(&good, TOKEN, b""), Disbelief::WrongToken),
        (with(&good, CHANNEL, b"nobody"), Disbelief::UnknownChannel),
        (with(&good, CHANNEL, b"' OR true --"), Disbelief::UnknownChannel),
        (with(&good, RESOURCE, b""), Disbelief::WrongResource),
        (with(&good, TOKEN, &[b'a'; 257]), Disbelief::Unreadable),
        (with(&good, CHANNEL, "\u{e9}".as_bytes()), Disbelief::Unreadable),
        (HeaderMap::new(), Disbelief::Unreadable),
    ];
    for name in [TOKEN, CHANNEL, RESOURCE, STATE] {
        let mut without = good.clone();
        without.remove(name);
        cases.extend([(without, Disbelief::Unreadable), (doubled(name), Disbelief::Unreadable)]);
    }
    for (headers, disbelief) in &cases {
        let received = watched.service.receive_webhook(headers).await.unwrap();
        assert_eq!(received, Received::Ignored(*disbelief), "{headers:?}");
    }
    // A handshake that is forged is no handshake.
    let forged = with(&with(&good, STATE, b"sync"), TOKEN, b"guess");
    let received = watched.service.receive_webhook(&forged).await.unwrap();
    assert_eq!(received, Received::Ignored(Disbelief::WrongToken));

    watched.ada.pass(Duration::from_secs(7 * 24 * 60 * 60 + 60)).await;
    let late = watched.service.receive_webhook(&good).await.unwrap();
    assert_eq!(late, Received::Ignored(Disbelief::Ended));
    for calendar in [ADA, TEAM] {
        assert_eq!(watched.ada.state(calendar).await.dirty, 0, "{calendar}");
    }
}

/// FAULTS 11, by chance: any change of a header that counts.
#[tokio::test]
async fn no_forged_header_is_believed() {
    let mut watched = Watched::new().await;
    let good = watched.change("New", 2).await;
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..300 {
        let name: HeaderName = [TOKEN, CHANNEL, RESOURCE][random.usize(..3)].parse().unwrap();
        let mut value = good[&name].as_bytes().to_vec();
        let place = random.usize(..value.len());
        match random.u8(..4) {
            0 => value[place] ^= 1 << random.u8(..5),
            1 => value.truncate(place),
            2 => value.insert(place, random.u8(b' '..=b'~')),
            _ => value.reverse(),
        }
        let Ok(forged) = HeaderValue::from_bytes(&value) else { continue };
        let mut headers = good.clone();
        headers.insert(name, forged);
        let received = watched.service.receive_webhook(&headers).await.unwrap();
        assert!(matches!(received, Received::Ignored(_)), "{headers:?} was believed");
    }
    assert_eq!(watched.ada.state(ADA).await.dirty, 0);
    let received = watched.service.receive_webhook(&good).await.unwrap();
    assert!(matches!(received, Received::Changed { .. }), "the true one is believed: {received:?}");
}

/// FAULTS 12.
#[tokio::test]
async fn what_no_notification_told_of_is_found_by_the_poll() {
    let watched = Watched::new().await;
    let ada = &watched.ada;
    ada.google.lose_notifications(true);
    ada.event(ADA, "Nobody was told", 2);
    assert!(watched.service.sync_due(10).await.unwrap().resources.is_empty(), "nothing is due yet");

    ada.pass(UNTIL_POLLED).await;
    let polled = watched.service.sync_due(10).await.unwrap();

    assert!(polled.report.is_complete(), "{polled:?}");
    ada.assert_mirrors_google(&[ADA, TEAM]).await;
}

/// FAULTS 13: what a process that died left open at Google.
#[tokio::test]
async fn a_channel_that_nobody_knows_is_ignored() {
    let mut watched = Watched::new().await;
    let user = watched.ada.account.user.clone();
    for channel in watched.ada.store.channels(&user).await.unwrap() {
        watched.ada.store.delete_channel(&user, &channel.id).await.unwrap();
    }
    let notification = watched.change("New", 2).await;

    let received = watched.service.receive_webhook(&notification).await.unwrap();

    assert_eq!(received, Received::Ignored(Disbelief::UnknownChannel));
    assert_eq!(watched.ada.state(ADA).await.dirty, 0);
}
