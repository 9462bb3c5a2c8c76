//! What went wrong at the database, as the SDK says it.

use std::{borrow::Cow, io::ErrorKind as ErrorOfIo};

use theo_calendar::{Error, ErrorKind};

/// What a failure while `doing` something is.
pub(crate) fn failed(doing: &'static str) -> impl Fn(sqlx::Error) -> Error {
    move |error| {
        let Failure { what, advice, passes, in_doubt } = read(&error);
        let message = format!("the database failed while {doing}: {what}{advice}");
        Error::new(ErrorKind::Storage, message)
            .with_retryable(passes)
            .with_ambiguity(in_doubt)
            .with_source(error)
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

struct Failure {
    what: String,
    advice: &'static str,
    /// Whether the same may go well later by itself.
    passes: bool,
    /// Whether it may have been stored: the connection went before the answer came.
    in_doubt: bool,
}

fn read(error: &sqlx::Error) -> Failure {
    use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, Tls, WorkerCrashed};
    match error {
        Database(refusal) => by_code(refusal.message(), &refusal.code().unwrap_or_default()),
        PoolTimedOut => Failure {
            what: "no connection was free in time".into(),
            advice: ": is the database running? If it is, allow more, or run less at once",
            passes: true,
            in_doubt: false,
        },
        // So a certificate is refused.
        Io(wrong) if wrong.kind() == ErrorOfIo::InvalidData => Failure {
            what: error.to_string(),
            advice: ": see `sslrootcert` in its address",
            passes: false,
            in_doubt: false,
        },
        Io(_) | WorkerCrashed => Failure {
            what: error.to_string(),
            advice: ": is it running, and reachable?",
            passes: true,
            in_doubt: true,
        },
        Tls(_) => Failure { what: error.to_string(), advice: TLS, passes: false, in_doubt: false },
        PoolClosed => {
            Failure { what: "the store was closed".into(), advice: "", passes: false, in_doubt: false }
        }
        _ => Failure { what: error.to_string(), advice: "", passes: false, in_doubt: false },
    }
}

const TLS: &str = if cfg!(feature = "tls") {
    ": turn TLS on at the server, or see `sslmode` in its address"
} else {
    ": build with the feature `tls`, or see `sslmode` in its address"
};

/// By SQLSTATE: PostgreSQL's appendix A.
fn by_code(message: &str, code: &str) -> Failure {
    let what = format!("{message} ({code})");
    let (advice, passes, in_doubt) = match code {
        "42P01" | "42703" | "42704" | "3F000" => {
            (": the schema is missing or old: run migrate() on it first", false, false)
        }
        "42501" if message.contains("extension") => {
            (": a superuser runs CREATE EXTENSION vector in it once", false, false)
        }
        // A migration's own words.
        "42501" if message.contains("a superuser runs once") => ("", false, false),
        "42501" => {
            (": the schema is old, or the login lacks a right: run migrate() as its owner", false, false)
        }
        "0A000" | "58P01" if message.contains("extension") => {
            (": install pgvector on the server", false, false)
        }
        "25006" => (": it is read-only; connect to the primary", false, false),
        // It lasts until somebody makes room, so the sync status is to say it.
        "53100" => (": its disk is full; nothing was stored", false, false),
        "57014" => (": it took too long; nothing was stored", true, false),
        "40001" | "40P01" | "55P03" | "53200" | "53300" | "57P03" => {
            (": nothing was stored; try again", true, false)
        }
        "57P01" | "57P02" | "57P05" => (": it is being stopped or restarted; try again", true, true),
        _ if code.starts_with("08") => (": the connection was lost; try again", true, true),
        _ => ("", false, false),
    };
    Failure { what, advice, passes, in_doubt }
}
