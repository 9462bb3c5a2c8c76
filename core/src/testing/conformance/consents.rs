//! Consents that wait for their answer.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use futures_util::future::join_all;
use secrecy::ExposeSecret;

use super::scene::at;
use crate::{
    Result,
    id::UserId,
    storage::{PendingConsent, Storage},
};

pub async fn a_consent_comes_back_as_it_was_put(store: Arc<dyn Storage>) -> Result<()> {
    let put = PendingConsent { account: Some("ada@example.com".into()), ..consent("ada", 10) };
    store.put_consent(&[1; 32], &put).await?;
    store.put_consent(&[2; 32], &consent("ada", 20)).await?;

    let Some(taken) = store.take_consent(&put.user, &[1; 32]).await? else { panic!("it was put there") };

    assert_eq!(taken.verifier.expose_secret(), "verifier-secret");
    assert_eq!((taken.user, taken.session_hash, taken.scopes), (put.user, put.session_hash, put.scopes));
    assert_eq!(
        (taken.redirect, taken.account, taken.expires_at),
        (put.redirect, put.account, put.expires_at)
    );
    Ok(())
}

pub async fn of_sixteen_who_take_a_consent_one_gets_it(store: Arc<dyn Storage>) -> Result<()> {
    let ada = UserId::from("ada");
    store.put_consent(&[1; 32], &consent("ada", 10)).await?;

    let taken = join_all((0..16).map(|_| store.take_consent(&ada, &[1; 32]))).await;

    let taken = taken.into_iter().collect::<Result<Vec<_>>>()?;
    assert_eq!(taken.iter().flatten().count(), 1);
    assert!(store.take_consent(&ada, &[1; 32]).await?.is_none());
    Ok(())
}

pub async fn a_consent_is_taken_by_its_user_and_its_state_alone(store: Arc<dyn Storage>) -> Result<()> {
    let ada = UserId::from("ada");
    store.put_consent(&[1; 32], &consent("ada", 10)).await?;

    assert!(store.take_consent(&"mallory".into(), &[1; 32]).await?.is_none());
    assert!(store.take_consent(&ada, &[2; 32]).await?.is_none());

    assert!(store.take_consent(&ada, &[1; 32]).await?.is_some());
    Ok(())
}

pub async fn expired_consents_are_found_of_every_user(store: Arc<dyn Storage>) -> Result<()> {
    for (user, state, expires) in [("ada", 1, 20), ("bob", 2, 10), ("bob", 3, 30)] {
        store.put_consent(&[state; 32], &consent(user, expires)).await?;
    }
    let (ada, bob) = (UserId::from("ada"), UserId::from("bob"));

    assert_eq!(store.consents_expired(at(10), 10).await?, []);
    assert_eq!(store.consents_expired(at(11), 10).await?, [(bob.clone(), [2; 32])]);
    assert_eq!(store.consents_expired(at(30), 10).await?, [(bob.clone(), [2; 32]), (ada, [1; 32])]);
    assert_eq!(store.consents_expired(at(40), 1).await?, [(bob, [2; 32])]);
    Ok(())
}

pub(super) fn consent(user: &str, expires: i64) -> PendingConsent {
    PendingConsent {
        user: user.into(),
        session_hash: [9; 32],
        verifier: "verifier-secret".into(),
        scopes: vec!["openid".into(), "calendar.readonly".into()],
        redirect: "https://theo.example.com/back?x=1".into(),
        account: None,
        expires_at: at(expires),
    }
}
