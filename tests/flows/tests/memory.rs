//! What large events cost. Alone in its process, so that what it measures is its own.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use flows::{ADA, Person, one_hour, resident};

/// FAULTS 25: sixteen events of a megabyte, listed again and again.
#[tokio::test]
async fn memory_does_not_grow_with_the_number_of_times_large_events_are_listed() {
    let ada = Person::new().page_of(5);
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
    for _ in 0..5 {
        let report = ada.refresh().await;
        assert!(report.is_complete());
    }
    let often = resident().unwrap();

    let mb = |bytes: u64| bytes >> 20;
    println!(
        "resident: {} MB, {} MB with 16 MB mirrored, {} MB after 5 more listings",
        mb(before),
        mb(once),
        mb(often)
    );
    assert!(mb(once.saturating_sub(before)) < 100, "16 MB of events took {} MB", mb(once - before));
    assert!(mb(often.saturating_sub(once)) < 30, "5 listings more took {} MB more", mb(often - once));
}
