//! Rivals in other languages: a process each, which is given the data once and keeps its own time.

use std::{
    env,
    fmt::Debug,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde::Serialize;

use crate::row::Contender;

/// The function `work` of `rivals/rivals.py`, done on `data`: it must find `wanted`.
pub(crate) fn python(
    name: &'static str,
    work: &str,
    data: &(impl Serialize + ?Sized),
    wanted: impl TryInto<u64, Error: Debug>,
) -> Contender {
    let python = env::var("BENCH_PYTHON").expect("BENCH_PYTHON names a Python with rivals/requirements.txt");
    contender(name, Command::new(python).arg(script("rivals.py")).arg(work), data, wanted)
}

/// The function `work` of `rivals/rivals.mjs`, done on `data`: it must find `wanted`.
pub(crate) fn node(
    name: &'static str,
    work: &str,
    data: &(impl Serialize + ?Sized),
    wanted: impl TryInto<u64, Error: Debug>,
) -> Contender {
    contender(name, Command::new("node").arg(script("rivals.mjs")).arg(work), data, wanted)
}

/// The function `work` of `rivals/page.html` in a real Chromium, done on `data`: it must find `wanted`.
pub(crate) fn chromium(
    name: &'static str,
    work: &str,
    data: &(impl Serialize + ?Sized),
    wanted: impl TryInto<u64, Error: Debug>,
) -> Contender {
    contender(name, Command::new("node").arg(script("chromium.mjs")).arg(work), data, wanted)
}

/// The bytes, gzipped, of what a page loads: of each that `rivals/sizes.mjs` knows.
pub(crate) fn sizes() -> Vec<(String, u64)> {
    let said = Command::new("node").arg(script("sizes.mjs")).output().expect("there is node").stdout;
    serde_json::from_slice(&said).expect("it says names and sizes")
}

fn script(name: &str) -> String {
    format!("{}/rivals/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn contender(
    name: &'static str,
    command: &mut Command,
    data: &(impl Serialize + ?Sized),
    wanted: impl TryInto<u64, Error: Debug>,
) -> Contender {
    let mut rival = Rival::start(name, command);
    let data = serde_json::to_string(data).expect("the data is JSON");
    assert_eq!(rival.ask(&data), wanted.try_into().expect("it is a count"), "we and {name} disagree");
    Contender::elsewhere(name, move |repeats| Duration::from_nanos(rival.ask(&repeats.to_string())))
}

/// A process that answers each line with a number. It ends when its input does.
struct Rival {
    name: &'static str,
    process: Child,
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Rival {
    fn start(name: &'static str, command: &mut Command) -> Self {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let asked = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        Self { name, process, asked, answers }
    }

    fn ask(&mut self, line: &str) -> u64 {
        let mut answer = String::new();
        let asked = self.asked.as_mut().expect("it is open until the end");
        writeln!(asked, "{line}")
            .and_then(|()| self.answers.read_line(&mut answer))
            .expect("it is listening");
        answer
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("{} answers {answer:?}, which is no number", self.name))
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        self.asked = None;
        let _ = self.process.wait();
    }
}
