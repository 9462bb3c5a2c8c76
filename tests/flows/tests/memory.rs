//! What large events cost. Alone in its process, so that what it measures is its own.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use flows::{ADA, Person, Stores, one_hour, resident};

/// What is resident is of the whole process: one test at a time.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test]
async fn memory_does_not_grow_with_the_number_of_times_large_events_are_listed() {
    let _alone = ALONE.lock().await;
    listed_again_and_again(Stores::Memory).await;
}

#[tokio::test]
async fn nor_does_it_where_they_are_kept_in_postgres() {
    let _alone = ALONE.lock().await;
    listed_again_and_again(Stores::Postgres).await;
}

/// FAULTS 25: sixteen events of a megabyte, listed again and again.
async fn listed_again_and_again(store: Stores) {
    let ada = Person::new().kept_in(store).await.page_of(5);
    for n in 0..16 {
        let mut event = one_hour("Huge", n);
        event["description"] = "x".repeat(1 << 20).into();
        ada.made(ADA, event);
    }
    let Some(before) = resident() else {
        println!("skipped: this machine does not say how much memory a process has");
        return;
    };
    ada.refresh().await;
    let once = resident().unwrap();
    // Connections to a database keep buffers as large as a page: by then each of them has its own.
    for _ in 0..5 {
        ada.refresh().await;
    }
    let warm = resident().unwrap();
    for _ in 0..10 {
        let report = ada.refresh().await;
        assert!(report.is_complete());
    }
    let often = resident().unwrap();

    let mb = |bytes: u64| bytes >> 20;
    println!(
        "{store:?}, resident: {} MB, {} MB with 16 MB mirrored, {} MB after 5 more listings, {} MB after 10 more",
        mb(before),
        mb(once),
        mb(warm),
        mb(often)
    );
    assert!(mb(once.saturating_sub(before)) < 100, "16 MB of events took {} MB", mb(once - before));
    assert!(mb(warm.saturating_sub(once)) < 100, "5 listings more took {} MB more", mb(warm - once));
    assert!(mb(often.saturating_sub(warm)) < 30, "10 listings more took {} MB more", mb(often - warm));
}
