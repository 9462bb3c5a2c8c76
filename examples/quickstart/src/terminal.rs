//! What a person sees: headings and lines, or nothing at all under `--json`.

use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Standard output for a person; silent when a program reads it.
pub(crate) struct Terminal {
    silent: bool,
}

impl Terminal {
    pub(crate) fn new(silent: bool) -> Self {
        Self { silent }
    }

    /// Begins a part of the job.
    pub(crate) fn heading(&self, text: &str) -> io::Result<()> {
        self.line(&format!("\n{text}\n{}", "─".repeat(text.chars().count())))
    }

    /// One line.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        writeln!(io::stdout(), "{text}")
    }

    /// A bar on standard error, which also stays out of a program's way.
    pub(crate) fn progress(&self) -> ProgressBar {
        let bar = ProgressBar::no_length();
        if self.silent {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} events, {elapsed}  {msg}") {
            bar.set_style(style);
        }
        bar
    }
}
