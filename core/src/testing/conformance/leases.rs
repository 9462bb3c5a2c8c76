//! Leases.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::{sync::Arc, time::Duration};

use futures_util::future::try_join_all;

use super::scene::{HOUR, Scene, assert_refused, one_off};
use crate::{ErrorKind, Result, storage::Storage};

pub async fn of_many_one_gets_the_lease(store: Arc<dyn Storage>) -> Result<()> {
    let holders: Vec<String> = (0..16).map(|number| format!("worker {number}")).collect();

    let leases = try_join_all(holders.iter().map(|holder| store.acquire("calendar", holder, HOUR))).await?;

    let held: Vec<_> =
        leases.into_iter().zip(&holders).filter_map(|(lease, who)| Some((lease?, who))).collect();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].0.holder, *held[0].1);
    Ok(())
}

pub async fn an_expired_lease_goes_to_the_next_with_a_higher_epoch(store: Arc<dyn Storage>) -> Result<()> {
    let first = store.acquire("calendar", "first", Duration::ZERO).await?;
    let second = store.acquire("calendar", "second", HOUR).await?;

    let epochs = (first.map(|lease| lease.fence.epoch), second.map(|lease| lease.fence.epoch));
    assert!(epochs.0.is_some() && epochs.0 < epochs.1, "{epochs:?}");
    Ok(())
}

pub async fn a_lost_lease_cannot_be_renewed(store: Arc<dyn Storage>) -> Result<()> {
    let Some(lost) = store.acquire("calendar", "first", Duration::ZERO).await? else { panic!("it was free") };
    store.acquire("calendar", "second", HOUR).await?;

    assert_refused(store.renew(&lost, HOUR).await, ErrorKind::LeaseLost);

    assert_eq!(store.acquire("calendar", "third", HOUR).await?, None);
    Ok(())
}

pub async fn a_renewed_lease_stays_with_its_holder(store: Arc<dyn Storage>) -> Result<()> {
    let Some(lease) = store.acquire("calendar", "first", Duration::ZERO).await? else {
        panic!("it was free")
    };

    let renewed = store.renew(&lease, HOUR).await?;

    assert_eq!(renewed.fence, lease.fence);
    assert!(renewed.expires_at > lease.expires_at);
    assert_eq!(store.acquire("calendar", "second", HOUR).await?, None);
    Ok(())
}

pub async fn a_released_lease_is_free(store: Arc<dyn Storage>) -> Result<()> {
    let Some(lease) = store.acquire("calendar", "first", HOUR).await? else { panic!("it was free") };

    store.release(&lease).await?;

    let next = store.acquire("calendar", "second", HOUR).await?;
    assert!(next.is_some_and(|next| next.fence.epoch > lease.fence.epoch));
    assert_refused(store.renew(&lease, HOUR).await, ErrorKind::LeaseLost);
    Ok(())
}

pub async fn releasing_a_lost_lease_leaves_the_new_holder(store: Arc<dyn Storage>) -> Result<()> {
    let Some(lost) = store.acquire("calendar", "first", Duration::ZERO).await? else { panic!("it was free") };
    let held = store.acquire("calendar", "second", HOUR).await?;

    store.release(&lost).await?;

    assert!(held.is_some());
    assert_eq!(store.acquire("calendar", "third", HOUR).await?, None);
    Ok(())
}

pub async fn the_same_holder_gets_a_new_epoch(store: Arc<dyn Storage>) -> Result<()> {
    let first = Scene::new(&store).await?;
    let Some(again) = store.acquire(&first.fence.name, "suite", HOUR).await? else { panic!("it is its own") };

    assert!(again.fence.epoch > first.fence.epoch);
    let late = first.bring(vec![one_off("a", "A", 0)]).await;
    assert_refused(late, ErrorKind::LeaseLost);
    let renewed = Scene { fence: again.fence, ..first };
    renewed.bring(vec![one_off("a", "A", 0)]).await?;
    Ok(())
}

pub async fn names_do_not_touch_each_other(store: Arc<dyn Storage>) -> Result<()> {
    let one = store.acquire("one", "first", HOUR).await?;
    let other = store.acquire("other", "second", HOUR).await?;

    assert!(one.is_some() && other.is_some());
    Ok(())
}
