//! Consents that wait for their answer: verifiers are sealed before they leave this process.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use theo_calendar::{
    Result,
    id::UserId,
    storage::{ConsentStore, PendingConsent},
};

use crate::{
    PostgresStore,
    convert::{hash, int},
    error::failed,
    token::{Sealed, Sealing},
};

#[async_trait]
impl ConsentStore for PostgresStore {
    async fn put_consent(&self, state_hash: &[u8; 32], consent: &PendingConsent) -> Result<()> {
        let verifier = consent.verifier.expose_secret();
        let sealing = Sealing::Consent(&consent.user, state_hash);
        let Sealed { key_id, nonce, sealed } = self.keys.seal(&sealing, verifier.as_bytes())?;
        let mut writing = self.writing(&consent.user).await?;
        let query = sqlx::query(PUT)
            .bind(consent.user.as_str())
            .bind(&state_hash[..])
            .bind(&consent.session_hash[..])
            .bind(consent.account.as_ref().map(|account| account.as_str()))
            .bind(&consent.scopes)
            .bind(&consent.redirect)
            .bind(key_id)
            .bind(nonce)
            .bind(sealed)
            .bind(consent.expires_at);
        query.execute(&mut *writing.transaction).await.map_err(failed("storing a consent"))?;
        writing.commit().await
    }

    async fn take_consent(&self, user: &UserId, state_hash: &[u8; 32]) -> Result<Option<PendingConsent>> {
        let mut taking = self.of_user(user).await?;
        let query = sqlx::query_as(TAKE).bind(user.as_str()).bind(&state_hash[..]);
        let row: Option<Row> =
            query.fetch_optional(&mut *taking).await.map_err(failed("taking a consent"))?;
        taking.commit().await.map_err(failed("taking a consent"))?;
        let Some((session, account, scopes, redirect, key_id, nonce, sealed, expires_at)) = row else {
            return Ok(None);
        };
        let sealed = Sealed { key_id, nonce, sealed };
        let verifier = self.keys.open(&Sealing::Consent(user, state_hash), &sealed)?;
        Ok(Some(PendingConsent {
            user: user.clone(),
            session_hash: hash(&session),
            verifier: String::from_utf8_lossy(&verifier).into_owned().into(),
            scopes,
            redirect,
            account: account.map(Into::into),
            expires_at,
        }))
    }

    async fn consents_expired(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<(UserId, [u8; 32])>> {
        let mut looking = self.across_users().await?;
        let query = sqlx::query_as(EXPIRED).bind(before).bind(int(limit));
        let rows: Vec<(String, Vec<u8>)> =
            query.fetch_all(&mut *looking).await.map_err(failed("looking for old consents"))?;
        looking.commit().await.map_err(failed("looking for old consents"))?;
        Ok(rows.into_iter().map(|(user, state_hash)| (user.into(), hash(&state_hash))).collect())
    }
}

/// Session, account, scopes, redirect, key id, nonce, sealed verifier, expiry.
type Row = (Vec<u8>, Option<String>, Vec<String>, String, String, Vec<u8>, Vec<u8>, DateTime<Utc>);

const PUT: &str = "
    INSERT INTO consents (
        user_id, state_hash, session_hash, account_id, scopes, redirect, key_id, nonce, sealed, expires_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// By the primary key: of several, one deletes the row.
const TAKE: &str = "
    DELETE FROM consents
    WHERE user_id = $1
      AND state_hash = $2
    RETURNING session_hash, account_id, scopes, redirect, key_id, nonce, sealed, expires_at";

/// `consents_by_expiry` is read in its order, up to the limit.
const EXPIRED: &str = "
    SELECT user_id, state_hash
    FROM consents
    WHERE expires_at < $1
    ORDER BY expires_at
    LIMIT $2";
