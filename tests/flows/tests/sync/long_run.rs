//! Many syncs: two days of them, and years of bad luck.

use std::{sync::Arc, time::Duration};

use fake_google::{Fault, FaultKind};
use flows::{ADA, Edits, Person};
use theo_calendar::{sync::SyncStatus, time::Clock};

/// FAULTS 29.
#[tokio::test]
async fn in_two_days_of_incremental_syncs_only_a_complete_listing_stamps_the_last_full_sync() {
    let ada = Person::new().page_of(3);
    let mut edits = Edits::of(29);
    for _ in 0..8 {
        edits.one(&ada.google, ADA);
    }
    ada.sync().await;
    let worker = ada.worker("worker");
    let mut full_at = ada.clock.now();
    let (mut incremental, mut complete) = (0, 0);
    for quarter in 0..48 * 4 {
        ada.pass(Duration::from_secs(15 * 60)).await;
        if quarter % 3 == 0 {
            edits.one(&ada.google, ADA);
        }
        let expires = quarter == 60;
        // The token expires, and the complete listing that follows breaks off at its second page at first.
        if expires {
            ada.google.expire_sync_tokens(ADA);
            ada.google.fault(Fault::times("events.list", 4, FaultKind::DropBefore).on_page(2));
        }

        let report = ada.sync_by(&worker).await;

        let state = ada.state(ADA).await;
        let finished = report.is_complete();
        assert!(finished || expires, "{report:?}");
        if finished && state.generation > 1 && complete == 0 {
            assert!(report.calendars[0].full);
            full_at = ada.clock.now();
            complete += 1;
        } else {
            incremental += u64::from(finished);
        }
        assert_eq!(state.last_full_sync_at, Some(full_at), "quarter {quarter}");
        let status = SyncStatus::read(&*ada.store, &ada.account.user).await.unwrap();
        assert_eq!(status.last_full_sync_at, Some(full_at));
        if finished {
            assert_eq!(status.last_sync_at, Some(ada.clock.now()));
        }
        ada.assert_mirrors_google(if finished { &[ADA] } else { &[] }).await;
    }
    println!("{incremental} incremental syncs, {complete} complete listing after the first");
    assert!(incremental > 150 && complete == 1);
}

/// I3: what happens to one person, by a number.
async fn luck(number: u64, world: &Person) -> Person {
    let email = format!("person{number}@example.com");
    world.google.add_person(&email, "Europe/Zurich");
    let mut edits = Edits::of(number);
    let pages = 2 + edits.below(4) as u32;
    let person = Arc::new(Person::at(world.google.clone(), world.clock.clone(), &email).page_of(pages));
    for _ in 0..10 {
        for _ in 0..edits.below(5) {
            edits.one(&person.google, &email);
        }
        if edits.below(2) == 0 {
            misfortune(&mut edits, &person, &email);
        }
        let name = ["first", "second"][edits.below(2)];
        match edits.below(5) {
            0 => die(&person, name, edits.below(12)).await,
            1 => {
                let (one, two) = (person.worker("first"), person.worker("second"));
                futures_util::join!(person.sync_by(&one), person.sync_by(&two));
            }
            _ => drop(person.sync_by(&person.worker(name)).await),
        }
        person.pass(Duration::from_secs([1, 60, 600, 7200][edits.below(4)])).await;
    }
    Arc::into_inner(person).unwrap()
}

fn misfortune(edits: &mut Edits, person: &Person, email: &str) {
    let status =
        |status, reason: &str| FaultKind::Status { status, reason: reason.to_owned(), retry_after: None };
    let kinds = [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::TruncateGzip,
        FaultKind::RepeatPageToken,
        FaultKind::ExpirePageToken,
        FaultKind::ExpireSyncToken,
        FaultKind::EmptyPage,
        status(503, "backendError"),
        status(429, "rateLimitExceeded"),
        status(403, "quotaExceeded"),
    ];
    match edits.below(kinds.len() + 2) {
        0 => person.google.expire_sync_tokens(email),
        1 => person.google.forget_deleted(email),
        number => {
            let kind = kinds[number - 2].clone();
            let fault = Fault::times("events.list", 1 + edits.below(5) as u32, kind).for_calendar(email);
            let fault = match edits.below(3) {
                0 => fault,
                page => fault.on_page(page as u32 + 1),
            };
            person.google.fault(fault);
        }
    }
}

/// A worker that dies after so many polls.
async fn die(person: &Person, name: &str, polls: usize) {
    let worker = person.worker(name);
    let mut syncing = Box::pin(person.sync_by(&worker));
    let mut left = polls;
    std::future::poll_fn(|context| match syncing.as_mut().poll(context) {
        std::task::Poll::Ready(_) => std::task::Poll::Ready(()),
        std::task::Poll::Pending if left == 0 => std::task::Poll::Ready(()),
        std::task::Poll::Pending => {
            left -= 1;
            std::task::Poll::Pending
        }
    })
    .await;
}

/// I3, I4, over edits, faults, deaths and rivals at random.
#[tokio::test]
async fn whatever_happened_the_mirror_equals_google_once_things_are_quiet() {
    let world = Person::new();
    let (mut events, mut cancelled) = (0, 0);
    for number in 0..60 {
        let person = luck(number, &world).await;
        let email = person.account.account.to_string();
        person.google.clear_faults();

        person.pass(Duration::from_secs(2 * 60 * 60)).await;
        person.settle().await;

        if let Some(difference) = person.difference(&email).await {
            panic!("person {number}: {difference}");
        }
        assert!(person.store.quarantined(&person.account.user).await.unwrap().is_empty());
        // The token stands where Google does: nothing is sent twice, and nothing was left out.
        let quiet = person.sync().await;
        assert!(quiet.is_complete() && quiet.events_processed == 0, "person {number}: {quiet:?}");
        let mirror = person.mirrored(&email).await;
        events += mirror.len();
        cancelled += mirror.values().filter(|event| event["status"] == "cancelled").count();
    }
    println!("60 people, {events} events in their mirrors, {cancelled} of them cancelled occurrences");
    assert!(events > 300 && cancelled > 10);
}
