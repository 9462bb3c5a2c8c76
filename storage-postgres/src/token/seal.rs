//! Sealing: authenticated encryption under a key of the host, bound to the grant's user and account.

use std::fmt;

use chacha20poly1305::{
    AeadCore, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, OsRng, Payload},
};
use secrecy::{ExposeSecret, SecretBox, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};
use theo_calendar::{Error, ErrorKind, Result, id::AccountKey, storage::StoredGrant};

/// A key that seals tokens, and its name.
///
/// The host keeps it apart from the database; who has only one of the two has no token.
pub struct SealingKey {
    id: String,
    key: SecretBox<[u8; 32]>,
}

impl SealingKey {
    /// The key named `id`: the name is stored beside what it seals, and is never used for another key.
    pub fn new(id: impl Into<String>, key: [u8; 32]) -> Self {
        Self { id: id.into(), key: SecretBox::new(Box::new(key)) }
    }

    /// A new key that nobody else has: what it seals opens for as long as this value lives.
    pub fn random(id: impl Into<String>) -> Self {
        Self::new(id, XChaCha20Poly1305::generate_key(&mut OsRng).into())
    }
}

/// The key that seals, and older ones that still open.
///
/// To rotate, make the new key the first and keep the old one until every grant was stored anew.
pub struct SealingKeys {
    current: SealingKey,
    retired: Vec<SealingKey>,
}

impl SealingKeys {
    /// One key, that seals and opens.
    pub fn new(current: SealingKey) -> Self {
        Self { current, retired: Vec::new() }
    }

    /// Opens with `key` too, where its name is on what was sealed.
    #[must_use]
    pub fn with_retired(mut self, key: SealingKey) -> Self {
        self.retired.push(key);
        self
    }

    pub(super) fn seal(&self, account: &AccountKey, grant: &StoredGrant) -> Result<Sealed> {
        let key = &self.current;
        let tokens = Tokens {
            access: grant.access_token.expose_secret().to_owned(),
            refresh: grant.refresh_token.as_ref().map(|token| token.expose_secret().to_owned()),
        };
        let plain = serde_json::to_vec(&tokens).map(Zeroizing::new).map_err(|_| cannot("sealed"))?;
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let context = context(account, &key.id);
        let sealed = key.cipher().encrypt(&nonce, Payload { msg: &plain, aad: &context });
        let sealed = sealed.map_err(|_| cannot("sealed"))?;
        Ok(Sealed { key_id: key.id.clone(), nonce: nonce.to_vec(), sealed })
    }

    pub(super) fn open(&self, account: &AccountKey, sealed: &Sealed) -> Result<Tokens> {
        let mut keys = std::iter::once(&self.current).chain(&self.retired);
        let key = keys.find(|key| key.id == sealed.key_id).ok_or_else(|| {
            let message = format!(
                "the tokens of account \"{}\" are sealed under key `{}`, which was not handed in: add it to the keys",
                account.account, sealed.key_id
            );
            Error::new(ErrorKind::Storage, message)
        })?;
        let nonce: [u8; 24] = sealed.nonce.as_slice().try_into().map_err(|_| tampered(account))?;
        let context = context(account, &key.id);
        let payload = Payload { msg: &sealed.sealed, aad: &context };
        let plain = key.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| tampered(account))?;
        // Without the source: it may quote what was opened.
        serde_json::from_slice(&Zeroizing::new(plain)).map_err(|_| cannot("read"))
    }
}

/// A grant's tokens as the database sees them.
pub(super) struct Sealed {
    pub(super) key_id: String,
    pub(super) nonce: Vec<u8>,
    pub(super) sealed: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Tokens {
    access: String,
    refresh: Option<String>,
}

impl Tokens {
    /// The access token, and the refresh token.
    pub(super) fn into_parts(self) -> (SecretString, Option<SecretString>) {
        (self.access.into(), self.refresh.map(SecretString::from))
    }
}

impl SealingKey {
    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose_secret().into())
    }
}

/// What a seal is bound to, each part preceded by its length: moved to another row, it does not open.
fn context(account: &AccountKey, key_id: &str) -> Vec<u8> {
    let parts = [account.user.as_str(), account.account.as_str(), key_id];
    parts.into_iter().fold(Vec::new(), |mut context, part| {
        context.extend((part.len() as u64).to_be_bytes());
        context.extend(part.as_bytes());
        context
    })
}

fn cannot(what: &'static str) -> Error {
    Error::new(ErrorKind::Storage, format!("the tokens of a grant cannot be {what}"))
}

fn tampered(account: &AccountKey) -> Error {
    let message = format!(
        "the tokens of account \"{}\" do not open: they were changed or moved, or the key is another of that name",
        account.account
    );
    Error::new(ErrorKind::Storage, message)
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKeys").field("current", &self.current).field("retired", &self.retired).finish()
    }
}
