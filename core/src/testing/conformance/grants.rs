//! Grants.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use futures_util::future::join_all;
use secrecy::ExposeSecret;

use super::scene::at;
use crate::{
    Result,
    id::AccountKey,
    storage::{Storage, StoredGrant},
};

pub async fn a_grant_comes_back_as_it_was_stored(store: Arc<dyn Storage>) -> Result<()> {
    let (work, home) =
        (AccountKey::new("ada", "work@example.com"), AccountKey::new("ada", "home@example.com"));
    store.put_grant(&work, &grant("old", Some("kept"))).await?;
    store.put_grant(&work, &grant("new", Some("kept"))).await?;
    store.put_grant(&home, &grant("other", None)).await?;

    let Some(stored) = store.grant(&work).await? else { panic!("the grant is there") };

    assert_eq!(stored.access_token.expose_secret(), "new");
    assert_eq!(stored.refresh_token.as_ref().map(ExposeSecret::expose_secret), Some("kept"));
    assert_eq!(
        (stored.expires_at, stored.scopes.as_slice()),
        (at(60), &["calendar.readonly".to_owned()][..])
    );
    assert!(store.grant(&home).await?.is_some_and(|home| home.refresh_token.is_none()));
    let mut accounts = store.granted_accounts(&work.user).await?;
    accounts.sort();
    assert_eq!(accounts, [home, work]);
    Ok(())
}

pub async fn a_forgotten_grant_is_gone(store: Arc<dyn Storage>) -> Result<()> {
    let account = AccountKey::new("ada", "ada@example.com");
    store.put_grant(&account, &grant("secret", None)).await?;

    store.delete_grant(&account).await?;
    store.delete_grant(&account).await?;

    assert!(store.grant(&account).await?.is_none());
    assert_eq!(store.granted_accounts(&account.user).await?, []);
    Ok(())
}

pub async fn a_renewal_stores_the_next_grant(store: Arc<dyn Storage>) -> Result<()> {
    let account = AccountKey::new("ada", "ada@example.com");
    store.put_grant(&account, &grant("old", Some("kept"))).await?;
    let Some(seen) = store.grant(&account).await? else { panic!("the grant is there") };

    assert!(store.renew_grant(&account, &seen, &grant("new", Some("kept"))).await?);

    assert_eq!(access(&store, &account).await?.as_deref(), Some("new"));
    Ok(())
}

pub async fn a_renewal_does_not_bring_back_a_grant_that_was_forgotten(store: Arc<dyn Storage>) -> Result<()> {
    let account = AccountKey::new("ada", "ada@example.com");
    store.put_grant(&account, &grant("old", None)).await?;
    store.delete_grant(&account).await?;

    assert!(!store.renew_grant(&account, &grant("old", None), &grant("new", None)).await?);

    assert_eq!(access(&store, &account).await?, None);
    Ok(())
}

pub async fn a_renewal_does_not_take_the_place_of_a_grant_given_meanwhile(
    store: Arc<dyn Storage>,
) -> Result<()> {
    let account = AccountKey::new("ada", "ada@example.com");
    store.put_grant(&account, &grant("old", None)).await?;
    store.put_grant(&account, &grant("given meanwhile", None)).await?;

    assert!(!store.renew_grant(&account, &grant("old", None), &grant("renewed", None)).await?);

    assert_eq!(access(&store, &account).await?.as_deref(), Some("given meanwhile"));
    Ok(())
}

pub async fn of_sixteen_renewals_of_one_grant_one_is_stored(store: Arc<dyn Storage>) -> Result<()> {
    let account = AccountKey::new("ada", "ada@example.com");
    let old = grant("old", None);
    store.put_grant(&account, &old).await?;
    let renewed: Vec<StoredGrant> = (0..16).map(|n| grant(&format!("new {n}"), None)).collect();

    let stored = join_all(renewed.iter().map(|next| store.renew_grant(&account, &old, next))).await;

    let stored = stored.into_iter().collect::<Result<Vec<bool>>>()?;
    assert_eq!(stored.iter().filter(|stored| **stored).count(), 1);
    Ok(())
}

async fn access(store: &Arc<dyn Storage>, account: &AccountKey) -> Result<Option<String>> {
    let grant = store.grant(account).await?;
    Ok(grant.map(|grant| grant.access_token.expose_secret().to_owned()))
}

pub(super) fn grant(access: &str, refresh: Option<&str>) -> StoredGrant {
    StoredGrant {
        access_token: access.to_owned().into(),
        expires_at: at(60),
        refresh_token: refresh.map(|token| token.to_owned().into()),
        scopes: vec!["calendar.readonly".into()],
    }
}
