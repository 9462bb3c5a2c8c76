//! What went wrong at the database, as the SDK says it.

use std::borrow::Cow;

use theo_calendar::{Error, ErrorKind};

/// What a failure while `doing` something is.
pub(crate) fn failed(doing: &'static str) -> impl Fn(sqlx::Error) -> Error {
    move |error| {
        let (kind, what) = read(&error);
        Error::new(kind, format!("the database failed while {doing}: {what}")).with_source(error)
    }
}

/// What was stored cannot be read back: another program wrote it, or a newer version of this one.
pub(crate) fn unreadable(what: &'static str) -> impl Fn(serde_json::Error) -> Error {
    move |error| {
        let message = format!("a stored {what} cannot be read: was it written by a newer version?");
        Error::new(ErrorKind::Storage, message).with_source(error)
    }
}

/// PostgreSQL's SQLSTATE, where it answered at all.
pub(crate) fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error().and_then(|refusal| refusal.code())
}

fn read(error: &sqlx::Error) -> (ErrorKind, String) {
    match error {
        sqlx::Error::Database(refusal) => {
            let code = refusal.code().unwrap_or_default();
            let (kind, advice) = advice(&code);
            (kind, format!("{} ({code}){advice}", refusal.message()))
        }
        sqlx::Error::PoolTimedOut => {
            (ErrorKind::Timeout, "no connection was free in time: allow more, or run less at once".into())
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            (ErrorKind::Connection, format!("{error}: is it running, and reachable?"))
        }
        _ => (ErrorKind::Storage, error.to_string()),
    }
}

/// By SQLSTATE: PostgreSQL's appendix A.
fn advice(code: &str) -> (ErrorKind, &'static str) {
    match code {
        "42P01" | "42703" | "42704" | "3F000" => {
            (ErrorKind::Storage, ": the schema is missing or old: run migrate() on it first")
        }
        "0A000" | "58P01" | "22023" => (ErrorKind::Storage, ": does the server have the extension vector?"),
        "25006" => (ErrorKind::Storage, ": the database is read-only; connect to the primary"),
        "42501" => {
            (ErrorKind::Storage, ": the role lacks a right; for an extension, a superuser creates it once")
        }
        "53100" => (ErrorKind::Storage, ": the disk is full; nothing was stored"),
        "57014" => (ErrorKind::Timeout, ": it took too long; nothing was stored"),
        "40001" | "40P01" | "55P03" | "53300" | "57P01" | "57P02" | "57P03" => {
            (ErrorKind::Unavailable, ": nothing was stored; try again")
        }
        _ => (ErrorKind::Storage, ""),
    }
}
