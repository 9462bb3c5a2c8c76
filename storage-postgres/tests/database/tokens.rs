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
    let mut superuser = database.superuser().await;
    // Bytes are shown as hexadecimal digits.
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let secrets = ["access-secret", "refresh-secret"].map(|secret| (secret, hex(secret)));

    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut superuser).await.expect("read");
    assert!(tables.contains(&"grants".to_owned()), "{tables:?}");
    for table in tables {
        let all = sqlx::AssertSqlSafe(format!("SELECT row::text FROM {table} AS row"));
        let dump: Vec<String> = sqlx::query_scalar(all).fetch_all(&mut superuser).await.expect("read");
        let dump = dump.join("\n");
        assert!(table != "grants" || dump.contains(account.account.as_str()), "{dump}");
        for (plain, hex) in &secrets {
            assert!(!dump.contains(plain) && !dump.contains(hex), "{table}: {dump}");
        }
    }
    Ok(())
}

const TABLES: &str = "
    SELECT relname::text
    FROM pg_class
    WHERE relkind = 'r'
      AND relnamespace = current_schema()::regnamespace";

#[tokio::test]
async fn a_seal_moved_to_another_account_or_user_does_not_open() -> Result<()> {
    let (database, ada) = granted().await?;
    let store = database.store();
    let others = [AccountKey::new("ada", "home@example.org"), AccountKey::new("mallory", "ada@example.com")];
    for other in &others {
        let Some(own) = store.grant(&ada).await? else { panic!("the grant is there") };
        store.put_grant(other, &own).await?;
        assert!(store.grant(other).await?.is_some(), "their own opens");
    }

    let swapped = sqlx::query(SWAP).execute(&mut database.superuser().await).await;
    assert_eq!(swapped.expect("a thief with the database may").rows_affected(), 3);

    for other in &others {
        let opened = store.grant(other).await;
        assert_eq!(opened.expect_err("it is bound to its account").kind(), ErrorKind::Storage, "{other:?}");
    }
    assert!(store.grant(&ada).await?.is_some(), "hers still opens");
    Ok(())
}

const SWAP: &str = "
    UPDATE grants
    SET (key_id, nonce, sealed) = (
        SELECT key_id, nonce, sealed
        FROM grants
        WHERE user_id = 'ada'
          AND account_id = 'ada@example.com')";

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
