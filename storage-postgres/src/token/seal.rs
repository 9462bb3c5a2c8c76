//! Sealing: authenticated encryption under a key of the host, bound to whose it is.

use std::fmt;

use chacha20poly1305::{
    AeadCore, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, OsRng, Payload},
};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroizing};
use theo_calendar::{
    Error, ErrorKind, Result,
    id::{AccountKey, UserId},
};

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

    pub(crate) fn seal(&self, what: &Sealing<'_>, plain: &[u8]) -> Result<Sealed> {
        let key = &self.current;
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let context = what.context(&key.id);
        let sealed = key.cipher().encrypt(&nonce, Payload { msg: plain, aad: &context });
        let sealed =
            sealed.map_err(|_| Error::new(ErrorKind::Storage, format!("the {what} cannot be sealed")))?;
        Ok(Sealed { key_id: key.id.clone(), nonce: nonce.to_vec(), sealed })
    }

    pub(crate) fn open(&self, what: &Sealing<'_>, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        let mut keys = std::iter::once(&self.current).chain(&self.retired);
        let key = keys.find(|key| key.id == sealed.key_id).ok_or_else(|| {
            let message = format!(
                "the {what} are sealed under key `{}`, which was not handed in: add it to the keys",
                sealed.key_id
            );
            Error::new(ErrorKind::Storage, message)
        })?;
        let tampered = || {
            let message = format!(
                "the {what} do not open: they were changed or moved, or the key is another of that name"
            );
            Error::new(ErrorKind::Storage, message)
        };
        let nonce: [u8; 24] = sealed.nonce.as_slice().try_into().map_err(|_| tampered())?;
        let context = what.context(&key.id);
        let payload = Payload { msg: &sealed.sealed, aad: &context };
        let plain = key.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| tampered())?;
        Ok(Zeroizing::new(plain))
    }
}

/// What is sealed, and whose: moved to another row, it does not open.
pub(crate) enum Sealing<'a> {
    /// The tokens of an account.
    Grant(&'a AccountKey),
    /// The verifier of a consent, by the hash of its state.
    Consent(&'a UserId, &'a [u8; 32]),
}

impl Sealing<'_> {
    /// What is authenticated with it, each part preceded by its length.
    fn context(&self, key_id: &str) -> Vec<u8> {
        let parts: &[&[u8]] = match self {
            Self::Grant(account) => &[account.user.as_str().as_bytes(), account.account.as_str().as_bytes()],
            Self::Consent(user, state_hash) => &[b"consent", user.as_str().as_bytes(), &state_hash[..]],
        };
        parts.iter().copied().chain([key_id.as_bytes()]).fold(Vec::new(), |mut context, part| {
            context.extend((part.len() as u64).to_be_bytes());
            context.extend(part);
            context
        })
    }
}

impl fmt::Display for Sealing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(account) => write!(f, "tokens of account \"{}\"", account.account),
            Self::Consent(..) => f.write_str("secrets of a consent"),
        }
    }
}

/// Secrets as the database sees them.
pub(crate) struct Sealed {
    pub(crate) key_id: String,
    pub(crate) nonce: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

impl SealingKey {
    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose_secret().into())
    }
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
