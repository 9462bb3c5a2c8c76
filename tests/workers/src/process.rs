//! A worker process.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use clap::Args;
use theo_calendar::client::{Limit, RateLimits};

/// What a worker process is told.
#[derive(Args, Clone, Debug)]
pub struct WorkerArguments {
    /// The database it works on, migrated.
    #[arg(long)]
    pub database_url: String,
    /// The root of Google's API.
    #[arg(long)]
    pub google: String,
    /// What it is called: another name for each process.
    #[arg(long)]
    pub name: String,
    /// Calls of each person in any minute.
    #[arg(long, default_value_t = theo_calendar::client::REQUESTS_PER_USER_PER_MINUTE)]
    pub per_person: u32,
    /// Calls of all of them in any minute.
    #[arg(long, default_value_t = theo_calendar::client::REQUESTS_PER_PROJECT_PER_MINUTE)]
    pub per_project: u32,
    /// Jobs at once.
    #[arg(long, default_value_t = 8)]
    pub concurrency: usize,
    /// How often it sweeps, in milliseconds.
    #[arg(long, default_value_t = 60_000)]
    pub sweep_millis: u64,
    /// How often it gives a sign of life, in milliseconds.
    #[arg(long, default_value_t = 10_000)]
    pub beat_millis: u64,
}

impl WorkerArguments {
    /// The limits it keeps together with the others.
    pub fn limits(&self) -> RateLimits {
        let minute = |units| vec![Limit { units, per: Duration::from_secs(60) }];
        RateLimits {
            user: minute(self.per_person),
            project: minute(self.per_project),
            ..RateLimits::google()
        }
    }
}

/// A running worker process; killed when dropped.
pub struct WorkerProcess(Child);

impl WorkerProcess {
    /// Starts the program `worker` at `path`.
    pub fn start(path: &Path, arguments: &WorkerArguments) -> Self {
        let WorkerArguments { database_url, google, name, .. } = arguments;
        let numbers = [
            ("--per-person", u64::from(arguments.per_person)),
            ("--per-project", arguments.per_project.into()),
            ("--concurrency", arguments.concurrency as u64),
            ("--sweep-millis", arguments.sweep_millis),
            ("--beat-millis", arguments.beat_millis),
        ];
        let mut command = Command::new(path);
        command.args(["--database-url", database_url, "--google", google, "--name", name]);
        for (option, number) in numbers {
            command.args([option, &number.to_string()]);
        }
        Self(command.stdin(Stdio::piped()).spawn().unwrap())
    }

    /// Sends it a signal, as `kill -SIGNAL` does.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([format!("-{signal}"), self.0.id().to_string()]).status();
        assert!(sent.unwrap().success(), "the process takes a signal");
    }

    /// Tells it to stop; true when it ended well.
    pub fn stop(mut self) -> bool {
        drop(self.0.stdin.take());
        self.0.wait().unwrap().success()
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
