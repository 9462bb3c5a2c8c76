//! Grants.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

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

pub(super) fn grant(access: &str, refresh: Option<&str>) -> StoredGrant {
    StoredGrant {
        access_token: access.to_owned().into(),
        expires_at: at(60),
        refresh_token: refresh.map(|token| token.to_owned().into()),
        scopes: vec!["calendar.readonly".into()],
    }
}
