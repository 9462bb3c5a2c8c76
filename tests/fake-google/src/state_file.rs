//! The file in which a fake finds what an earlier one left.
//!
//! Beside it lies `FILE.lock`: locked while a process uses the state, and not empty until that process has put it
//! away. A state that was not put away lacks the last changes, so the tokens that may know of them expire.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::channel::Channels;
use crate::state::State;

/// A state file that is this process's alone.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    lock: File,
}

impl StateFile {
    /// Takes the file at `path`, which need not exist.
    pub(crate) fn take(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| told(path, "cannot be kept", error))?;
        }
        let lock = path.with_added_extension("lock");
        let lock = File::options().read(true).write(true).create(true).truncate(false).open(lock);
        let lock = lock.map_err(|error| told(path, "cannot be kept", error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => {
                let message = format!("the state in {} is in use by another process", path.display());
                Err(io::Error::new(ErrorKind::ResourceBusy, message))
            }
            Err(TryLockError::Error(error)) => Err(told(path, "cannot be locked", error)),
        }
    }

    /// The state as it was put away, if it ever was.
    pub(crate) fn read(
        &self,
        start: Option<DateTime<Utc>>,
        channels: impl FnOnce() -> Channels,
    ) -> io::Result<Option<State>> {
        let json = match fs::read(&self.path) {
            Ok(json) => json,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(told(&self.path, "cannot be read", error)),
        };
        let mut state = State::from_json(&json, start, channels()).map_err(|reason| {
            let advice = format!("cannot be read: remove the file to start anew ({reason})");
            io::Error::new(ErrorKind::InvalidData, format!("the state in {} {advice}", self.path.display()))
        })?;
        if self.lock.metadata()?.len() > 0 {
            state.forget_tokens();
        }
        Ok(Some(state))
    }

    /// From now on the file is behind.
    pub(crate) fn begin(&mut self) -> io::Result<()> {
        let written = self.lock.write_all(b"in use\n").and_then(|()| self.lock.sync_all());
        written.map_err(|error| told(&self.path, "cannot be kept", error))
    }

    /// Puts the state away for the next fake, whole or not at all.
    pub(crate) fn put_away(self, state: &State) -> io::Result<()> {
        let fresh = self.path.with_added_extension("new");
        let write = || {
            let mut file = File::create(&fresh)?;
            file.write_all(&state.to_json()?)?;
            file.sync_all()?;
            fs::rename(&fresh, &self.path)?;
            self.lock.set_len(0)
        };
        write().map_err(|error| told(&self.path, "cannot be kept", error))
    }
}

fn told(path: &Path, what: &str, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("the state in {} {what}: {error}", path.display()))
}
