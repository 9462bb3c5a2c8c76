//! What this process takes, as the system says it.

use std::{fs, io};

/// A size of this process, in bytes.
pub(crate) fn status(name: &str) -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|size| size.parse().ok());
    kilobytes
        .map(|kilobytes: u64| kilobytes * 1024)
        .ok_or_else(|| io::Error::other("no size of this process"))
}
