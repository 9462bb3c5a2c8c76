//! FAULTS 23: the disk of PostgreSQL is full.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use chaos::Server;
use flows::{ADA, Person, one_hour};
use theo_calendar::sync::{Standing, SyncPhase};

/// Room for an empty database and 48 MB of its log, and a few events.
const SIZE: &str = "size=200m";

/// What is left free: less than one page of events needs.
const LEFT: u64 = 1 << 20;

/// A disk of its own; gone at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mounted() -> Self {
        let folder = std::env::temp_dir().join(format!("theo-disk-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", SIZE, "none"], &folder);
        assert!(
            mounted,
            "this test mounts a small disk (tmpfs), which takes root: run it as root, as CI does"
        );
        Self(folder)
    }

    /// Writes to it until little is left; gives the file.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("filler");
        let mut file = File::create(&path).unwrap();
        let mut written = 0;
        while file.write_all(&[1; 1 << 16]).is_ok() {
            written += 1 << 16;
        }
        file.set_len(written - LEFT).unwrap();
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(arguments).arg(folder).status().is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_onto_a_full_disk_says_so_stores_no_half_page_and_goes_on_when_there_is_room() {
    let disk = SmallDisk::mounted();
    let server = Server::start(&disk.0.join("pg"));
    let mut ada = Person::new().page_of(5);
    ada.store = Arc::new(server.create("theo").await);
    let mut small: Vec<String> = (0..3).map(|n| ada.event(ADA, "Small", n)).collect();
    small.sort();
    ada.sync().await;
    let mut random = fastrand::Rng::with_seed(23);
    for n in 0..10 {
        let mut event = one_hour("Huge", n);
        // Nothing that PostgreSQL could compress.
        event["description"] = (0..1 << 20).map(|_| random.alphanumeric()).collect::<String>().into();
        ada.made(ADA, event);
    }
    let filler = disk.fill();

    let report = ada.sync().await;

    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    let failure = &report.failures[0].failure;
    println!("{}: {}", failure.kind, failure.message);
    assert_eq!(failure.kind, "storage");
    assert!(failure.message.contains("disk is full; nothing was stored"), "{}", failure.message);
    let state = ada.state(ADA).await;
    let Standing::Backoff { failure: shown, .. } = &state.standing else { panic!("{state:?}") };
    assert_eq!(shown.message, failure.message, "the status says what the sync said");
    assert!(matches!(state.phase, SyncPhase::Incremental { .. }), "{state:?}");
    assert_eq!(ada.mirrored(ADA).await.into_keys().collect::<Vec<_>>(), small);

    std::fs::remove_file(filler).unwrap();
    ada.pass(Duration::from_secs(2 * 60 * 60)).await;
    ada.settle().await;
    ada.assert_mirrors_google(&[ADA]).await;
    drop(server);
}
