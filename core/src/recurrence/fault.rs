//! What is wrong in a rule or a line, told to whoever wrote it.

use crate::{Error, ErrorKind};

/// Characters of another's text that are shown.
const MOST: usize = 80;

/// The error that says `what`.
pub(super) fn error(what: String) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}

/// Text of another's in quotes, as [`clean`] shows it.
pub(super) fn shown(text: &str) -> String {
    format!("\"{}\"", clean(text))
}

/// Text of another's, cut to a length a person reads, and unable to forge what stands around it.
pub(super) fn clean(text: &str) -> String {
    let mut clean: String = text.chars().take(MOST).flat_map(char::escape_default).collect();
    if text.chars().nth(MOST).is_some() {
        clean.push('…');
    }
    clean
}
