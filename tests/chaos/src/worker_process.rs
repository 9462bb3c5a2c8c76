//! A worker as a process of its own.

use std::{
    io::{Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use crate::WorkerArguments;

/// A running worker; it ends with this value.
pub struct WorkerProcess {
    child: Child,
    orders: Option<ChildStdin>,
}

impl WorkerProcess {
    /// Starts `program` as a worker. What it complains about goes to `complaints`.
    pub fn start(program: &Path, arguments: &WorkerArguments, complaints: Stdio) -> Self {
        let mut command = Command::new(program);
        command.arg("worker").args(arguments.as_arguments());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(complaints).spawn().unwrap();
        let orders = child.stdin.take();
        Self { child, orders }
    }

    /// Sets its clock forward. A dead one does not mind.
    pub fn pass(&mut self, time: Duration) {
        if let Some(orders) = &mut self.orders {
            let _ = writeln!(orders, "{}", time.as_secs());
        }
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGSTOP to the one of that number: it stands still, and knows nothing of it afterwards.
    pub fn freeze(id: u32) {
        signal(id, "STOP");
    }

    /// SIGCONT.
    pub fn thaw(&self) {
        signal(self.child.id(), "CONT");
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it ends by itself; gives what it said.
    pub fn ended(&mut self) -> String {
        let mut said = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        self.child.wait().unwrap();
        said
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to one process.
fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status().unwrap();
    assert!(sent.success(), "there is no process {process}");
}
