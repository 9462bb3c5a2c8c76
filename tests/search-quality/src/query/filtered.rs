//! Queries with a person, a time or a calendar beside their words: much of the same kind is elsewhere.

use super::{Kind::Filtered, Query};
use crate::scenario::Calendar::{Family, Private, Work};

const fn ask(text: &'static str, topics: &'static [&'static str]) -> Query {
    Query::new(Filtered, text, topics)
}

pub(super) const QUERIES: &[Query] = &[
    ask("job interviews", &["hiring"]).with("Aisha").between((2024, 7), (2025, 1)),
    ask("interview data engineer", &["hiring"]).with("Tomas").place("Room Pilatus"),
    ask("recruiting candidates", &["hiring"]).with("Hannah").between((2025, 1), (2025, 6)),
    ask("hire or no hire", &["debrief"]).with("Marco"),
    ask("what went well in the last sprint", &["retrospective"]).with("Priya"),
    ask("retrospective", &["retrospective"]).with("Kenji").between((2024, 10), (2025, 4)),
    ask("planning the next sprint", &["planning"]).with("Lena").between((2024, 7), (2025, 1)),
    ask("one on one meeting", &["one to one"]).with("Sofia").between((2024, 11), (2025, 2)),
    ask("1:1", &["one to one"]).with("Ruth").between((2024, 7), (2024, 12)),
    ask("having lunch together", &["lunch"]).with("Felix"),
    ask("lunch", &["lunch"]).with("Daniel").between((2024, 7), (2025, 4)),
    ask("grabbing a coffee", &["coffee", "next steps"]).with("Nadia"),
    ask("architecture proposal", &["design review"]).with("Wei"),
    ask("presentation of the product to a customer", &["demo"]).with("Ines").between((2024, 9), (2025, 5)),
    ask("release to production", &["deploy"]).with("Jonas").between((2024, 7), (2025, 3)),
    ask("debugging a ticket together", &["pairing"]).with("Oliver").between((2024, 9), (2025, 2)),
    ask("reviewing pull requests", &["code review"]).with("Hannah"),
    ask("on-call handover", &["handover"]).with("Tomas"),
    ask("company-wide meeting", &["all hands"]).between((2024, 7), (2025, 2)),
    ask("learning a skill in a course", &["training"]).with("Priya"),
    ask("Kubernetes", &["training"]).between((2024, 7), (2025, 4)).place("Lab"),
    ask("long-term plans", &["roadmap"]).with("Marco"),
    ask("call with Oakfield", &["call"]).client("Oakfield").between((2024, 7), (2025, 3)),
    ask("Saffron sprint planning", &["planning"]).project("Saffron").between((2024, 7), (2024, 12)),
    ask("external vendor", &["supplier"]).with("Aisha"),
    ask("dentist", &["teeth"]).of(Private),
    ask("strength training in the fitness centre", &["gym"]).of(Private).between((2025, 1), (2025, 3)),
    ask("movie night", &["cinema"]).of(Private).between((2024, 9), (2025, 2)),
    ask("buying food", &["groceries"]).of(Private).between((2025, 2), (2025, 3)),
    ask("phoning my mother", &["mum"]).of(Private).between((2024, 9), (2024, 12)),
    ask("sports club of the kids", &["practice"]).of(Family),
    ask("winter sports with the kids", &["snow"]).of(Family),
    ask("piano", &["piano"]).of(Family),
    ask("talk with the teacher", &["school"]).of(Family),
    ask("incident review", &["outage"]).of(Work),
    ask("compensation", &["salary"]).of(Work),
    ask("friends come for dinner", &["dinner"]).of(Private).between((2024, 11), (2025, 1)),
    ask("play at a friend's house", &["playdate"]).of(Family).between((2025, 1), (2025, 3)),
    ask("workshop with sticky notes", &["workshop"]).with("Daniel").place("Room Eiger"),
];
