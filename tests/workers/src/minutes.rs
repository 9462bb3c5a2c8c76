//! What Google saw in its busiest minute.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use fake_google::LoggedRequest;

/// The most requests that came in any minute, as Google counts them: when they arrive, and in a sliding window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busiest {
    /// Of all people together.
    pub project: usize,
    /// Of one person.
    pub person: usize,
}

impl Busiest {
    /// The busiest minutes among `requests`.
    pub fn of(requests: &[LoggedRequest]) -> Self {
        let mut people: BTreeMap<_, Vec<DateTime<Utc>>> = BTreeMap::new();
        let mut all = Vec::new();
        for request in requests.iter().filter(|request| request.person.is_some()) {
            people.entry(&request.person).or_default().push(request.at);
            all.push(request.at);
        }
        let person = people.into_values().map(busiest_minute).max().unwrap_or_default();
        Self { project: busiest_minute(all), person }
    }
}

fn busiest_minute(mut times: Vec<DateTime<Utc>>) -> usize {
    times.sort();
    let (mut window, mut most) = (VecDeque::new(), 0);
    for time in times {
        window.push_back(time);
        while window.front().is_some_and(|first| *first <= time - TimeDelta::minutes(1)) {
            window.pop_front();
        }
        most = most.max(window.len());
    }
    most
}
