//! Grants: tokens are sealed before they leave this process.

mod seal;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use theo_calendar::{
    Result,
    id::{AccountKey, UserId},
    storage::{StoredGrant, TokenStore},
};

use self::seal::Sealed;
pub use self::seal::{SealingKey, SealingKeys};
use crate::{PostgresStore, error::failed};

#[async_trait]
impl TokenStore for PostgresStore {
    async fn grant(&self, account: &AccountKey) -> Result<Option<StoredGrant>> {
        let mut reading = self.of_user(&account.user).await?;
        let query = sqlx::query_as(GRANT).bind(account.user.as_str()).bind(account.account.as_str());
        let row: Option<Row> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading a grant"))?;
        reading.commit().await.map_err(failed("reading a grant"))?;
        let Some((key_id, nonce, sealed, expires_at, scopes)) = row else { return Ok(None) };
        let tokens = self.keys.open(account, &Sealed { key_id, nonce, sealed })?;
        let (access_token, refresh_token) = tokens.into_parts();
        Ok(Some(StoredGrant { access_token, expires_at, refresh_token, scopes }))
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
        let Sealed { key_id, nonce, sealed } = self.keys.seal(account, grant)?;
        let mut writing = self.writing(&account.user).await?;
        let query = sqlx::query(PUT)
            .bind(account.user.as_str())
            .bind(account.account.as_str())
            .bind(key_id)
            .bind(nonce)
            .bind(sealed)
            .bind(grant.expires_at)
            .bind(&grant.scopes);
        query.execute(&mut *writing.transaction).await.map_err(failed("storing a grant"))?;
        writing.commit().await
    }

    async fn delete_grant(&self, account: &AccountKey) -> Result<()> {
        let mut writing = self.of_user(&account.user).await?;
        let query = sqlx::query(DELETE).bind(account.user.as_str()).bind(account.account.as_str());
        query.execute(&mut *writing).await.map_err(failed("forgetting a grant"))?;
        writing.commit().await.map_err(failed("forgetting a grant"))
    }
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
