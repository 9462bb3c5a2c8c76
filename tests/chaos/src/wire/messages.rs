//! What a worker says to its servers, message by message.

use std::collections::HashMap;

use super::Upstream;

/// Sorts of messages at which something can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Anything that lets PostgreSQL work.
    Statement,
    /// A COMMIT.
    Commit,
    /// A request over HTTP.
    Request,
}

impl Point {
    /// All sorts.
    pub const ALL: [Self; 3] = [Self::Statement, Self::Commit, Self::Request];
}

/// A whole message, or a part of a stream that begins none.
pub(super) struct Message {
    pub(super) bytes: Vec<u8>,
    pub(super) points: Vec<Point>,
    /// What people call it.
    pub(super) name: String,
}

/// Cuts a stream into messages.
pub(super) struct Messages {
    buffer: Vec<u8>,
    postgres: Option<Session>,
}

/// What one has to remember to read PostgreSQL's protocol along (chapter "Frontend/Backend Protocol").
#[derive(Default)]
struct Session {
    /// The first message has a length and no type.
    begun: bool,
    /// The text of each prepared statement.
    prepared: HashMap<Vec<u8>, String>,
    /// The statement that will be executed next.
    bound: String,
}

impl Messages {
    pub(super) fn of(upstream: &Upstream) -> Self {
        let postgres = match upstream {
            Upstream::HttpAt(_) => None,
            Upstream::PostgresAt(_) | Upstream::PostgresBy(_) => Some(Session::default()),
        };
        Self { buffer: Vec::new(), postgres }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    pub(super) fn next(&mut self) -> Option<Message> {
        match &mut self.postgres {
            None => request(std::mem::take(&mut self.buffer)),
            Some(session) => session.next(&mut self.buffer),
        }
    }
}

/// The client sends one request at a time on a connection, so a request begins a piece; a body may be one of its own.
fn request(bytes: Vec<u8>) -> Option<Message> {
    if bytes.is_empty() {
        return None;
    }
    let line = String::from_utf8_lossy(bytes.split(|byte| *byte == b'\r').next().unwrap_or_default());
    let is_request = ["GET ", "POST ", "PATCH ", "PUT ", "DELETE "].iter().any(|word| line.starts_with(word));
    let name = line.split(['?', ' ']).take(2).collect::<Vec<_>>().join(" ");
    Some(Message { points: if is_request { vec![Point::Request] } else { vec![] }, name, bytes })
}

impl Session {
    fn next(&mut self, buffer: &mut Vec<u8>) -> Option<Message> {
        let start = usize::from(self.begun);
        let length = buffer.get(start..start + 4)?;
        let length = start + u32::from_be_bytes(length.try_into().unwrap()) as usize;
        if buffer.len() < length {
            return None;
        }
        let rest = buffer.split_off(length);
        let bytes = std::mem::replace(buffer, rest);
        if !self.begun {
            self.begun = true;
            return Some(Message { bytes, points: vec![], name: "connecting".to_owned() });
        }
        let (points, name) = self.read(bytes[0], &bytes[5..]);
        Some(Message { bytes, points, name })
    }

    fn read(&mut self, kind: u8, body: &[u8]) -> (Vec<Point>, String) {
        let mut texts = body.split(|byte| *byte == 0);
        let mut text = || texts.next().unwrap_or_default();
        match kind {
            b'Q' => {
                let query = String::from_utf8_lossy(text()).into_owned();
                let mut points = vec![Point::Statement];
                points.extend((query == "COMMIT").then_some(Point::Commit));
                (points, brief(&query))
            }
            b'P' => {
                let (name, query) = (text().to_vec(), String::from_utf8_lossy(text()).into_owned());
                self.prepared.insert(name, brief(&query));
                (vec![], String::new())
            }
            b'B' => {
                let (_portal, statement) = (text(), text());
                self.bound = self.prepared.get(statement).cloned().unwrap_or_default();
                (vec![], String::new())
            }
            b'E' => (vec![Point::Statement], self.bound.clone()),
            _ => (vec![], String::new()),
        }
    }
}

/// The verb and the table: `UPDATE approvals`.
fn brief(query: &str) -> String {
    let words: Vec<&str> = query.split_whitespace().collect();
    let table = words.iter().position(|word| matches!(*word, "INTO" | "FROM" | "UPDATE"));
    let table = table.and_then(|place| words.get(place + 1)).filter(|word| word.len() > 1);
    match (words.first(), table) {
        (Some(verb), Some(table)) => format!("{verb} {}", table.trim_end_matches(['(', ','])),
        (Some(_), None) => words[..words.len().min(2)].join(" "),
        (None, _) => "nothing".to_owned(),
    }
}
