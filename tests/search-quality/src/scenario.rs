//! Ada's life as three calendars of 2,000 events, made up from topics: always the same ones.

mod everyday;
mod health_and_home;
mod leisure;
mod names;
mod topic;
mod work;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::{Europe::Zurich, Tz};
use fastrand::Rng;
use serde_json::{Value, json};

use names::{CLIENTS, FRIENDS, PEOPLE, PROJECTS};
pub use topic::Calendar;
use topic::{Form, Made, Topic};

/// How many events there are; a series is one.
pub const SIZE: usize = 2_000;

/// When the life begins.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2024, 7, 1).expect("July has a first day");

/// How many days it lasts.
const DAYS: u64 = 400;

/// What makes the same life every time.
const SEED: u64 = 20_250_328;

/// Topics for which one meets one colleague.
const FOR_TWO: [&str; 3] = ["coffee", "lunch", "one to one"];

/// An event, and what is known about it because it was made so.
pub struct Episode {
    /// Its id at Google.
    pub id: String,
    /// Where it is kept.
    pub calendar: Calendar,
    /// What it is about; no text says it.
    pub topic: &'static str,
    /// What Ada would read: title, place, description.
    pub text: String,
    /// The colleagues who are invited.
    pub guests: Vec<&'static str>,
    /// The project it names.
    pub project: Option<&'static str>,
    /// The client it names.
    pub client: Option<&'static str>,
    /// The place it names.
    pub place: &'static str,
    /// Its start; of a series, the first one.
    pub start: DateTime<Utc>,
    /// Whether it happens every week from then on.
    pub weekly: bool,
    /// As Google has it.
    pub json: Value,
}

/// All of it, by time of making.
pub fn life() -> Vec<Episode> {
    let mut maker = Maker { rng: Rng::with_seed(SEED), made: Vec::with_capacity(SIZE) };
    let topics = [health_and_home::TOPICS, leisure::TOPICS, work::TOPICS, everyday::TOPICS];
    topics.into_iter().flatten().for_each(|topic| maker.topic(topic));
    while maker.made.len() < SIZE {
        maker.one_of(&everyday::REST, false);
    }
    maker.made
}

/// The address of a colleague.
pub fn address(person: &str) -> String {
    format!("{}@example.com", person.to_lowercase())
}

struct Maker {
    rng: Rng,
    made: Vec<Episode>,
}

impl Maker {
    fn topic(&mut self, topic: &'static Topic) {
        match topic.made {
            Made::Once => topic.forms.iter().for_each(|form| self.event(topic, form, false)),
            Made::Weekly => topic.forms.iter().for_each(|form| self.event(topic, form, true)),
            Made::Often(times) => (0..times).for_each(|_| self.one_of(topic, false)),
            Made::Series(times) => (0..times).for_each(|_| self.one_of(topic, true)),
        }
    }

    fn one_of(&mut self, topic: &'static Topic, weekly: bool) {
        let form = &topic.forms[self.rng.usize(..topic.forms.len())];
        self.event(topic, form, weekly);
    }

    fn event(&mut self, topic: &'static Topic, form: &Form, weekly: bool) {
        let mut blanks = Blanks::new(&mut self.rng);
        let title = blanks.fill(form.title);
        let description = blanks.fill(form.description);
        let (project, client) = (blanks.project, blanks.client);
        let guests = self.guests(topic, &format!("{title} {description}"));
        let start = self.start(topic.calendar);
        let end = start + TimeDelta::minutes(15 * self.rng.i64(2..=6));
        let id = format!("e{:04}", self.made.len());
        let mut json = json!({
            "id": id,
            "summary": title,
            "start": { "dateTime": start.to_rfc3339(), "timeZone": "Europe/Zurich" },
            "end": { "dateTime": end.to_rfc3339(), "timeZone": "Europe/Zurich" },
        });
        for (name, value) in [("location", form.place), ("description", &description)] {
            if !value.is_empty() {
                json[name] = value.into();
            }
        }
        if !guests.is_empty() {
            json["attendees"] =
                guests.iter().map(|name| json!({ "email": address(name), "displayName": name })).collect();
        }
        if weekly {
            json["recurrence"] = json!(["RRULE:FREQ=WEEKLY"]);
        }
        let text = format!("{title}\n{}\n{description}", form.place);
        self.made.push(Episode {
            id,
            calendar: topic.calendar,
            topic: topic.name,
            text,
            guests,
            project,
            client,
            place: form.place,
            start: start.to_utc(),
            weekly,
            json,
        });
    }

    /// At work: the colleagues who are named, and up to three others.
    fn guests(&mut self, topic: &Topic, text: &str) -> Vec<&'static str> {
        if topic.calendar != Calendar::Work {
            return Vec::new();
        }
        let words: Vec<&str> = text.split(|char: char| !char.is_alphanumeric()).collect();
        let mut guests: Vec<&str> = PEOPLE.into_iter().filter(|person| words.contains(person)).collect();
        let others = if FOR_TWO.contains(&topic.name) { 0 } else { self.rng.usize(0..=3) };
        for _ in 0..others {
            let other = PEOPLE[self.rng.usize(..PEOPLE.len())];
            if !guests.contains(&other) {
                guests.push(other);
            }
        }
        guests
    }

    /// Some time of some day: for work on a weekday.
    fn start(&mut self, calendar: Calendar) -> DateTime<Tz> {
        let hours = if calendar == Calendar::Work { 8..18 } else { 7..21 };
        loop {
            let day = FIRST_DAY + Days::new(self.rng.u64(..DAYS));
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            let (hour, quarter) = (self.rng.u32(hours.clone()), self.rng.u32(0..4));
            let time = day
                .and_hms_opt(hour, 15 * quarter, 0)
                .and_then(|time| time.and_local_timezone(Zurich).single());
            match time {
                Some(time) if !(weekend && calendar == Calendar::Work) => return time,
                _ => {}
            }
        }
    }
}

/// The blanks of one event's text: what was named stays, in its title as in its description.
struct Blanks<'a> {
    rng: &'a mut Rng,
    person: Option<&'static str>,
    project: Option<&'static str>,
    client: Option<&'static str>,
}

impl<'a> Blanks<'a> {
    fn new(rng: &'a mut Rng) -> Self {
        Self { rng, person: None, project: None, client: None }
    }

    fn fill(&mut self, text: &str) -> String {
        let mut filled = text.to_owned();
        let rng = &mut *self.rng;
        for (blank, names, named) in [
            ("{person}", PEOPLE.as_slice(), &mut self.person),
            ("{project}", PROJECTS.as_slice(), &mut self.project),
            ("{client}", CLIENTS.as_slice(), &mut self.client),
        ] {
            if filled.contains(blank) {
                let name = named.get_or_insert_with(|| names[rng.usize(..names.len())]);
                filled = filled.replace(blank, name);
            }
        }
        if filled.contains("{friend}") {
            filled = filled.replace("{friend}", FRIENDS[rng.usize(..FRIENDS.len())]);
        }
        if filled.contains("{ticket}") {
            filled = filled.replace("{ticket}", &format!("PLAT-{}", rng.u32(1500..9000)));
        }
        filled
    }
}
