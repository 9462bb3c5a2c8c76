//! Grants: tokens are sealed before they leave this process.

mod seal;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};
use theo_calendar::{
    Error, ErrorKind, Result,
    id::{AccountKey, UserId},
    storage::{StoredGrant, TokenStore},
};

pub(crate) use self::seal::{Sealed, Sealing};
pub use self::seal::{SealingKey, SealingKeys};
use crate::{PostgresStore, error::failed, tenant::Writing};

#[async_trait]
impl TokenStore for PostgresStore {
    async fn grant(&self, account: &AccountKey) -> Result<Option<StoredGrant>> {
        let mut reading = self.of_user(&account.user).await?;
        let query = sqlx::query_as(GRANT).bind(account.user.as_str()).bind(account.account.as_str());
        let row: Option<Row> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading a grant"))?;
        reading.commit().await.map_err(failed("reading a grant"))?;
        row.map(|row| opened(&self.keys, account, row)).transpose()
    }

    async fn granted_accounts(&self, user: &UserId) -> Result<Vec<AccountKey>> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_scalar(ACCOUNTS).bind(user.as_str());
        let accounts: Vec<String> =
            query.fetch_all(&mut *reading).await.map_err(failed("reading granted accounts"))?;
        reading.commit().await.map_err(failed("reading granted accounts"))?;
        Ok(accounts.into_iter().map(|account| AccountKey::new(user.clone(), account)).collect())
    }

    async fn put_grant(&self, account: &AccountKey, grant: &StoredGrant) -> Result<()> {
        let mut writing = self.writing(&account.user).await?;
        writing.put_grant(&self.keys, account, grant).await?;
        writing.commit().await
    }

    async fn renew_grant(
        &self,
        account: &AccountKey,
        seen: &StoredGrant,
        next: &StoredGrant,
    ) -> Result<bool> {
        // Holds the person's row: nobody else writes a grant of theirs meanwhile.
        let mut writing = self.writing(&account.user).await?;
        let query = sqlx::query_as(GRANT).bind(account.user.as_str()).bind(account.account.as_str());
        let row: Option<Row> =
            query.fetch_optional(&mut *writing.transaction).await.map_err(failed("reading a grant"))?;
        let Some(row) = row else { return Ok(false) };
        if !opened(&self.keys, account, row)?.is_same_as(seen) {
            return Ok(false);
        }
        writing.put_grant(&self.keys, account, next).await?;
        writing.commit().await?;
        Ok(true)
    }

    async fn delete_grant(&self, account: &AccountKey) -> Result<()> {
        let mut writing = self.writing(&account.user).await?;
        let query = sqlx::query(DELETE).bind(account.user.as_str()).bind(account.account.as_str());
        query.execute(&mut *writing.transaction).await.map_err(failed("forgetting a grant"))?;
        writing.commit().await
    }
}

impl Writing {
    async fn put_grant(
        &mut self,
        keys: &SealingKeys,
        account: &AccountKey,
        grant: &StoredGrant,
    ) -> Result<()> {
        let Sealed { key_id, nonce, sealed } = keys.seal(&Sealing::Grant(account), &Tokens::of(grant)?)?;
        let query = sqlx::query(PUT)
            .bind(account.user.as_str())
            .bind(account.account.as_str())
            .bind(key_id)
            .bind(nonce)
            .bind(sealed)
            .bind(grant.expires_at)
            .bind(&grant.scopes);
        query.execute(&mut *self.transaction).await.map_err(failed("storing a grant"))?;
        Ok(())
    }
}

/// What is sealed of a grant.
#[derive(Serialize, Deserialize)]
struct Tokens {
    access: String,
    refresh: Option<String>,
}

impl Tokens {
    fn of(grant: &StoredGrant) -> Result<Zeroizing<Vec<u8>>> {
        let tokens = Self {
            access: grant.access_token.expose_secret().to_owned(),
            refresh: grant.refresh_token.as_ref().map(|token| token.expose_secret().to_owned()),
        };
        serde_json::to_vec(&tokens).map(Zeroizing::new).map_err(|_| unreadable())
    }
}

fn opened(keys: &SealingKeys, account: &AccountKey, row: Row) -> Result<StoredGrant> {
    let (key_id, nonce, sealed, expires_at, scopes) = row;
    let plain = keys.open(&Sealing::Grant(account), &Sealed { key_id, nonce, sealed })?;
    // Without the source: it may quote what was opened.
    let Tokens { access, refresh } = serde_json::from_slice(&plain).map_err(|_| unreadable())?;
    let refresh_token = refresh.map(SecretString::from);
    Ok(StoredGrant { access_token: access.into(), expires_at, refresh_token, scopes })
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Storage, "the tokens of a grant are not what was sealed")
}

/// Key id, nonce, sealed tokens, expiry, scopes.
type Row = (String, Vec<u8>, Vec<u8>, DateTime<Utc>, Vec<String>);

/// By the primary key.
const GRANT: &str = "
    SELECT key_id, nonce, sealed, expires_at, scopes
    FROM grants
    WHERE user_id = $1
      AND account_id = $2";

/// By the primary key, in its order.
const ACCOUNTS: &str = "
    SELECT account_id
    FROM grants
    WHERE user_id = $1
    ORDER BY account_id";

const PUT: &str = "
    INSERT INTO grants (user_id, account_id, key_id, nonce, sealed, expires_at, scopes)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (user_id, account_id) DO UPDATE
    SET key_id = excluded.key_id,
        nonce = excluded.nonce,
        sealed = excluded.sealed,
        expires_at = excluded.expires_at,
        scopes = excluded.scopes";

const DELETE: &str = "
    DELETE FROM grants
    WHERE user_id = $1
      AND account_id = $2";
