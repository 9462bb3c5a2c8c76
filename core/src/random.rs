//! Secrets nobody can guess.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// 256 bits as 43 letters, digits, `-` and `_`, drawn from the 366 random ones of three UUIDs.
pub(crate) fn random_token() -> String {
    let mut hash = Sha256::new();
    for _ in 0..3 {
        hash.update(Uuid::new_v4().as_bytes());
    }
    BASE64URL_NOPAD.encode(&hash.finalize())
}
