//! Tokens are never in the database in clear, and open nowhere else.

use chrono::DateTime;
use secrecy::ExposeSecret;
use theo_calendar::{
    ErrorKind, Result,
    id::AccountKey,
    storage::{ConsentStore, PendingConsent, StoredGrant, TokenStore},
};
use theo_calendar_postgres::{PostgresStore, SealingKey, SealingKeys, testing::FreshDatabase};

#[tokio::test]
async fn no_token_is_in_the_database_in_clear() -> Result<()> {
    let (database, account) = granted().await?;

    let dump: String = sqlx::query_scalar("SELECT string_agg(encode(sealed, 'escape'), ' ') FROM grants")
        .fetch_one(&mut database.superuser().await)
        .await
        .expect("there is a grant");

    assert!(!dump.contains("access-secret") && !dump.contains("refresh-secret"), "{account:?}: {dump}");
    Ok(())
}

#[tokio::test]
async fn a_seal_moved_to_another_account_does_not_open() -> Result<()> {
    let (database, account) = granted().await?;
    let mut superuser = database.superuser().await;
    let moved =
        sqlx::query("UPDATE grants SET account_id = 'mallory@example.com'").execute(&mut superuser).await;
    assert_eq!(moved.expect("the row can be moved").rows_affected(), 1);

    let other = AccountKey { account: "mallory@example.com".into(), ..account };
    let opened = database.store().grant(&other).await;

    assert_eq!(opened.expect_err("it is bound to its account").kind(), ErrorKind::Storage);
    Ok(())
}

#[tokio::test]
async fn a_retired_key_opens_what_it_sealed_and_the_current_one_seals() -> Result<()> {
    let (database, account) = granted().await?;
    let rotated = || SealingKeys::new(SealingKey::new("next", [8; 32]));
    let without = PostgresStore::from_pool(database.pool().clone(), rotated());
    let with = rotated().with_retired(SealingKey::new("test", [7; 32]));
    let with = PostgresStore::from_pool(database.pool().clone(), with);

    let refused = without.grant(&account).await.expect_err("its key was not handed in");
    assert!(refused.to_string().contains("key `test`"), "{refused}");
    let Some(opened) = with.grant(&account).await? else { panic!("the grant is there") };
    assert_eq!(opened.access_token.expose_secret(), "access-secret");

    with.put_grant(&account, &opened).await?;
    assert!(without.grant(&account).await?.is_some(), "stored anew, it is under the new key");
    Ok(())
}

#[tokio::test]
async fn a_consents_verifier_is_not_in_the_database_in_clear_and_opens_under_its_state_alone() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let consent = PendingConsent {
        user: "ada".into(),
        session_hash: [9; 32],
        verifier: "verifier-secret".into(),
        scopes: Vec::new(),
        redirect: "https://theo.example.com/back".to_owned(),
        account: None,
        expires_at: DateTime::UNIX_EPOCH,
    };
    database.store().put_consent(&[1; 32], &consent).await?;
    let mut superuser = database.superuser().await;

    let dump: String = sqlx::query_scalar("SELECT encode(sealed, 'escape') FROM consents")
        .fetch_one(&mut superuser)
        .await
        .expect("there is a consent");
    let moved = sqlx::query("UPDATE consents SET state_hash = $1").bind(vec![2_u8; 32]);
    moved.execute(&mut superuser).await.expect("the row can be moved");

    assert!(!dump.contains("verifier-secret"), "{dump}");
    let opened = database.store().take_consent(&consent.user, &[2; 32]).await;
    assert_eq!(opened.expect_err("it is bound to its state").kind(), ErrorKind::Storage);
    Ok(())
}

async fn granted() -> Result<(FreshDatabase, AccountKey)> {
    let database = FreshDatabase::migrated().await;
    let account = AccountKey::new("ada", "ada@example.com");
    let grant = StoredGrant {
        access_token: "access-secret".to_owned().into(),
        expires_at: DateTime::UNIX_EPOCH,
        refresh_token: Some("refresh-secret".to_owned().into()),
        scopes: Vec::new(),
    };
    database.store().put_grant(&account, &grant).await?;
    Ok((database, account))
}
