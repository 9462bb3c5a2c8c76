//! The machine alone: no HTTP, no store, time handed in.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use theo_calendar::{
    Error, ErrorKind,
    id::AccountKey,
    storage::Listing,
    sync::{
        Commit, Fetch, PageTokens, QueryFingerprint, Recovery, Standing, Step, SyncFailure, SyncMachine,
        SyncPhase, SyncResource, SyncState,
    },
};

#[test]
fn a_new_resource_is_listed_completely_and_then_asked_for_changes() {
    let mut machine = machine(SyncPhase::Empty);
    assert_eq!(fetch(&machine), Fetch::Full { page: None });

    let first = machine.apply(more("p2"), now()).unwrap();
    assert_eq!(first.listing, Listing::Full { first: true, last: false });
    assert_eq!(first.state.phase, SyncPhase::FullPaging { page: Some("p2".into()), pages: 1 });
    assert_eq!((first.state.last_sync_at, first.state.token_set_at), (None, None));
    assert_eq!(fetch(&machine), Fetch::Full { page: Some("p2".into()) });

    let last = machine.apply(end("t1"), now()).unwrap();
    assert_eq!(last.listing, Listing::Full { first: false, last: true });
    assert_eq!(last.state.phase, SyncPhase::Incremental { token: "t1".into() });
    assert_eq!(machine.next(now()), Step::Done);
    assert_eq!(fetch(&resumed(last)), Fetch::Delta { token: "t1".into(), page: None });
}

#[test]
fn every_page_of_changes_is_asked_for_with_the_same_token() {
    let mut machine = machine(SyncPhase::Incremental { token: "t1".into() });

    let first = machine.apply(more("p2"), now()).unwrap();
    assert_eq!(first.listing, Listing::Delta);
    let second = resumed(first).apply(more("p3"), now()).unwrap();
    let mut machine = resumed(second);
    assert_eq!(fetch(&machine), Fetch::Delta { token: "t1".into(), page: Some("p3".into()) });

    let last = machine.apply(end("t2"), now()).unwrap();
    assert_eq!(last.state.phase, SyncPhase::Incremental { token: "t2".into() });
}

#[test]
fn the_token_of_a_page_that_is_not_the_last_is_not_kept() {
    let mut machine = machine(SyncPhase::Empty);
    let both = PageTokens { next_page: Some("p2".into()), sync_token: Some("early".into()) };

    let commit = machine.apply(both, now()).unwrap();

    assert_eq!(commit.state.phase, SyncPhase::FullPaging { page: Some("p2".into()), pages: 1 });
}

#[test]
fn only_a_complete_listing_stamps_the_last_full_sync() {
    let mut machine = machine(SyncPhase::Incremental { token: "t1".into() });

    let commit = machine.apply(end("t2"), now()).unwrap();

    assert_eq!(commit.state.last_full_sync_at, None);
    assert_eq!(commit.state.last_sync_at, Some(now()));
}

#[test]
fn an_expired_token_starts_a_complete_listing_of_a_new_generation() {
    for phase in every_phase() {
        let mut machine = machine(phase.clone());
        let generation = machine.state().generation;

        assert_eq!(machine.fail(&Error::new(ErrorKind::SyncTokenExpired, "410"), now()), Recovery::Restarted);

        assert_eq!(fetch(&machine), Fetch::Full { page: None }, "{phase:?}");
        assert!(machine.state().generation > generation, "{phase:?}");
    }
}

#[test]
fn a_page_token_that_is_refused_starts_its_listing_over() {
    let refused = Error::new(ErrorKind::InvalidRequest, "400");
    let delta = SyncPhase::DeltaPaging { token: "t".into(), page: "p".into(), pages: 1 };
    let full = SyncPhase::FullPaging { page: Some("p".into()), pages: 1 };

    let mut machine_in_delta = machine(delta);
    assert_eq!(machine_in_delta.fail(&refused, now()), Recovery::Restarted);
    assert_eq!(fetch(&machine_in_delta), Fetch::Delta { token: "t".into(), page: None });

    let mut machine_in_full = machine(full);
    let generation = machine_in_full.state().generation;
    assert_eq!(machine_in_full.fail(&refused, now()), Recovery::Restarted);
    assert_eq!(fetch(&machine_in_full), Fetch::Full { page: None });
    assert!(
        machine_in_full.state().generation > generation,
        "what the abandoned listing brought does not count"
    );
}

#[test]
fn a_first_page_that_is_refused_is_not_asked_for_again_at_once() {
    let mut machine = machine(SyncPhase::Empty);

    assert_eq!(machine.fail(&Error::new(ErrorKind::InvalidRequest, "400"), now()), Recovery::Stopped);

    assert!(matches!(machine.next(now()), Step::Wait { .. }));
}

#[test]
fn restarts_are_bounded() {
    for kind in [ErrorKind::SyncTokenExpired, ErrorKind::InvalidRequest] {
        let mut machine = machine(SyncPhase::Incremental { token: "t".into() });
        let mut restarts = 0;
        while machine.fail(&Error::new(kind, "again"), now()) == Recovery::Restarted {
            restarts += 1;
            machine.apply(more(&format!("p{restarts}")), now()).unwrap();
        }
        assert_eq!(restarts, SyncMachine::MAX_RESTARTS, "{kind:?}");
        assert!(matches!(machine.next(now()), Step::Wait { .. }));
    }
}

#[test]
fn a_page_token_that_repeats_ends_the_listing_with_an_error() {
    let mut same = machine(SyncPhase::FullPaging { page: Some("p".into()), pages: 1 });
    assert_eq!(same.apply(more("p"), now()).unwrap_err().kind(), ErrorKind::MalformedResponse);

    let mut circle = machine(SyncPhase::Incremental { token: "t".into() });
    circle.apply(more("a"), now()).unwrap();
    circle.apply(more("b"), now()).unwrap();
    let error = circle.apply(more("a"), now()).unwrap_err();

    assert_eq!(circle.fail(&error, now()), Recovery::Stopped);
    let Step::Wait { until } = circle.next(now()) else { panic!("it waits") };
    assert_eq!(
        circle.next(until),
        Step::Fetch(Fetch::Delta { token: "t".into(), page: None }),
        "not that page again"
    );
}

#[test]
fn a_listing_has_no_more_pages_than_allowed() {
    let mut machine = machine(SyncPhase::Empty).max_pages(5);
    let pages = (0..100).take_while(|page| machine.apply(more(&format!("p{page}")), now()).is_ok()).count();

    assert_eq!(pages, 4);
    assert_eq!(fetch(&machine), Fetch::Full { page: None }, "the next try is of a new listing");
}

#[test]
fn a_page_with_neither_token_is_an_error_and_sweeps_nothing() {
    let mut machine = machine(SyncPhase::FullPaging { page: Some("p".into()), pages: 1 });

    let error = machine.apply(PageTokens::default(), now()).unwrap_err();

    assert_eq!(error.kind(), ErrorKind::MalformedResponse);
}

#[test]
fn what_only_the_person_can_mend_pauses() {
    for kind in [ErrorKind::GrantRevoked, ErrorKind::ScopeMissing] {
        let mut machine = machine(SyncPhase::Empty);
        assert_eq!(machine.fail(&Error::new(kind, "connect again"), now()), Recovery::Stopped);

        let Step::Paused { failure } = machine.next(now() + TimeDelta::days(365)) else {
            panic!("it is paused")
        };
        assert!(failure.is(kind));
        assert!(matches!(machine.refreshed().next(now()), Step::Fetch(_)));
    }
}

#[test]
fn back_off_grows_and_is_capped_and_honours_what_google_asked_for() {
    let waits = |error: &dyn Fn() -> Error, times: usize| -> Vec<Duration> {
        let mut machine = machine(SyncPhase::Empty);
        let mut at = now();
        (0..times)
            .map(|_| {
                assert_eq!(machine.fail(&error(), at), Recovery::Stopped);
                let Step::Wait { until } = machine.next(at) else { panic!("it waits") };
                let wait = (until - at).to_std().unwrap();
                at = until;
                wait
            })
            .collect()
    };
    let seconds = Duration::from_secs;

    let timeouts = waits(&|| Error::new(ErrorKind::Timeout, "no answer"), 20);
    assert_eq!(timeouts[..4], [seconds(30), seconds(60), seconds(120), seconds(240)]);
    assert!(timeouts.is_sorted() && timeouts[19] == SyncMachine::LONGEST_BACKOFF);
    let limited = || Error::new(ErrorKind::RateLimited, "slow down").with_retry_after(seconds(7200));
    assert_eq!(waits(&limited, 1), [seconds(7200)]);
    assert_eq!(waits(&|| Error::new(ErrorKind::QuotaExceeded, "used up"), 1), [SyncMachine::QUOTA_BACKOFF]);
}

#[test]
fn a_finished_listing_forgets_the_failures() {
    let mut machine = machine(SyncPhase::Incremental { token: "t".into() });
    machine.fail(&Error::new(ErrorKind::Timeout, "no answer"), now());

    let commit = machine.apply(end("t2"), now()).unwrap();

    assert_eq!(commit.state.standing, Standing::Ready);
}

#[test]
fn a_worker_that_lost_its_lease_says_nothing_of_the_resource() {
    let mut machine = machine(SyncPhase::Incremental { token: "t".into() });
    let before = machine.state().clone();

    assert_eq!(machine.fail(&Error::new(ErrorKind::LeaseLost, "taken"), now()), Recovery::Abandoned);

    assert_eq!(*machine.state(), before);
}

#[test]
fn a_store_that_is_away_says_nothing_of_the_resource_and_one_that_refuses_backs_off() {
    let mut machine = machine(SyncPhase::Incremental { token: "t".into() });
    let before = machine.state().clone();
    let storage = |passes| Error::new(ErrorKind::Storage, "the database failed").with_retryable(passes);

    assert_eq!(machine.fail(&storage(true), now()), Recovery::Abandoned);
    assert_eq!(*machine.state(), before);

    assert_eq!(machine.fail(&storage(false), now()), Recovery::Stopped);
    assert!(matches!(machine.state().standing, Standing::Backoff { .. }));
}

#[test]
fn a_notification_during_a_listing_causes_another_and_one_before_does_not() {
    let state = SyncState { dirty: 4, clean: 3, ..state(SyncPhase::Incremental { token: "t".into() }) };
    let mut machine = SyncMachine::new(state, query());

    let commit = machine.apply(end("t2"), now()).unwrap();
    assert_eq!(commit.state.clean, 4, "as of the listing's start");
    assert!(!machine.clone().goes_again(4));

    assert!(machine.goes_again(6));
    assert_eq!(fetch(&machine), Fetch::Delta { token: "t2".into(), page: None });
    assert_eq!(machine.apply(end("t3"), now()).unwrap().state.clean, 6);
}

#[test]
fn a_resumed_listing_does_not_claim_what_was_notified_after_its_start() {
    let phase = SyncPhase::DeltaPaging { token: "t".into(), page: "p".into(), pages: 1 };
    let mut machine = SyncMachine::new(SyncState { dirty: 9, clean: 3, ..state(phase) }, query());

    let commit = machine.apply(end("t2"), now()).unwrap();

    assert_eq!(commit.state.clean, 3);
    assert!(machine.goes_again(9));
}

proptest! {
    /// Row 16: a token, or a page, made by another query is never sent.
    #[test]
    fn nothing_of_another_query_is_ever_used(
        stored in "[a-c]{0,3}", mine in "[a-c]{0,3}", phase in any_phase(), standing in any_standing(),
    ) {
        let (stored, mine) = (QueryFingerprint(stored), QueryFingerprint(mine));
        let before = SyncState { query: stored.clone(), standing, generation: 5, ..state(phase.clone()) };
        let machine = SyncMachine::new(before, mine.clone());

        prop_assert_eq!(&machine.state().query, &mine);
        if let Step::Fetch(fetch) = machine.next(later())
            && stored != mine
        {
            prop_assert_eq!(fetch, Fetch::Full { page: None });
            prop_assert!(machine.state().generation > 5);
        }
    }

    /// I4: whatever comes, a stored state holds a new token only where the listing's last page came with it, and
    /// every run ends.
    #[test]
    fn a_token_never_runs_ahead_and_every_run_ends(answers in prop::collection::vec(any_answer(), 0..60)) {
        let mut machine = machine(SyncPhase::Empty).max_pages(20);
        let mut kept = None;
        let mut fetches = 0_u32;
        let mut answers = answers.into_iter();
        while let Step::Fetch(_) = machine.next(now()) {
            fetches += 1;
            prop_assert!(fetches <= 20 * 5, "the run does not end");
            match answers.next().unwrap_or(Answer::Page(None, Some("last".into()))) {
                Answer::Page(next, token) => {
                    let is_last = next.is_none();
                    let tokens = PageTokens { next_page: next.map(Into::into), sync_token: token.clone().map(Into::into) };
                    match machine.apply(tokens, now()) {
                        Ok(commit) if is_last => {
                            kept = token;
                            prop_assert_eq!(token_of(&commit.state), kept.clone());
                        }
                        Ok(commit) => prop_assert!(token_of(&commit.state).is_none() || token_of(&commit.state) == kept),
                        Err(error) => drop(machine.fail(&error, now())),
                    }
                }
                Answer::Error(kind) => drop(machine.fail(&Error::new(kind, "failed"), now())),
            }
            if machine.next(now()) == Step::Done && fetches < 50 {
                machine.goes_again(u64::from(fetches));
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Answer {
    Page(Option<String>, Option<String>),
    Error(ErrorKind),
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let page = (prop::option::of("[p-z]{1,3}"), prop::option::of("[a-f]{1,2}"));
    let kind = prop::sample::select(vec![
        ErrorKind::SyncTokenExpired,
        ErrorKind::InvalidRequest,
        ErrorKind::Timeout,
        ErrorKind::GrantRevoked,
    ]);
    prop_oneof![6 => page.prop_map(|(next, token)| Answer::Page(next, token)), 1 => kind.prop_map(Answer::Error)]
}

fn any_phase() -> impl Strategy<Value = SyncPhase> {
    prop::sample::select(every_phase())
}

fn any_standing() -> impl Strategy<Value = Standing> {
    let failure = SyncFailure::new(&Error::new(ErrorKind::Timeout, "no answer"), now());
    prop::sample::select(vec![Standing::Ready, Standing::Backoff { until: now(), failures: 2, failure }])
}

fn every_phase() -> Vec<SyncPhase> {
    vec![
        SyncPhase::Empty,
        SyncPhase::FullPaging { page: None, pages: 0 },
        SyncPhase::FullPaging { page: Some("p".into()), pages: 3 },
        SyncPhase::Incremental { token: "t".into() },
        SyncPhase::DeltaPaging { token: "t".into(), page: "p".into(), pages: 3 },
    ]
}

fn token_of(state: &SyncState) -> Option<String> {
    match &state.phase {
        SyncPhase::Incremental { token } | SyncPhase::DeltaPaging { token, .. } => Some(token.to_string()),
        SyncPhase::Empty | SyncPhase::FullPaging { .. } => None,
    }
}

fn machine(phase: SyncPhase) -> SyncMachine {
    SyncMachine::new(state(phase), query())
}

fn resumed(commit: Commit) -> SyncMachine {
    SyncMachine::new(commit.state, query())
}

fn fetch(machine: &SyncMachine) -> Fetch {
    match machine.next(now()) {
        Step::Fetch(fetch) => fetch,
        other => panic!("a page is to be fetched, not {other:?}"),
    }
}

fn state(phase: SyncPhase) -> SyncState {
    let calendar = AccountKey::new("ada", "ada@example.com").calendar("work@example.com");
    SyncState { phase, ..SyncState::new(SyncResource::Events(calendar), query()) }
}

fn query() -> QueryFingerprint {
    QueryFingerprint("mine".into())
}

fn more(page: &str) -> PageTokens {
    PageTokens { next_page: Some(page.into()), sync_token: None }
}

fn end(token: &str) -> PageTokens {
    PageTokens { next_page: None, sync_token: Some(token.into()) }
}

fn now() -> DateTime<Utc> {
    "2025-03-28T09:00:00Z".parse().unwrap()
}

fn later() -> DateTime<Utc> {
    now() + TimeDelta::days(1)
}
