//! What fills a calendar: much of the same, at other times, with others, about something else. Most of it is what a
//! search must not find; with a person, a project or a month named, some of it is what is wanted.

use super::{
    Calendar::{Family, Private, Work},
    topic::{Form, Topic, form},
};

const RETROSPECTIVE: &[Form] = &[
    form("{project} retrospective", "Room Eiger", "What helped, what hindered, one thing to change"),
    form("{project} retrospective", "Video", "Board is open from the morning; {person} moderates"),
    form("Sprint retrospective {project}", "Room Rigi", "Mad, sad, glad"),
];

const PLANNING: &[Form] = &[
    form("{project} sprint planning", "Room Rigi", "Capacity first, then the top of the backlog"),
    form("{project} planning", "Video", "Estimates for the next two weeks"),
    form("Backlog refinement {project}", "Room Eiger", "Bring three stories each"),
];

const DESIGN_REVIEW: &[Form] = &[
    form(
        "{project} design review",
        "Room Pilatus",
        "{person} shows the proposal, comments in the document before",
    ),
    form("Design review: {project} storage", "Video", "Trade-offs of the two layouts"),
    form("Design review: {project} interfaces", "Video", "Names, errors, versions"),
];

const STANDUP: &[Form] = &[
    form("{project} standup", "Video", "Fifteen minutes, on our feet"),
    form("{project} check-in", "Video", "Blockers only"),
];

const ONE_TO_ONE: &[Form] = &[
    form("1:1 {person}", "Room Rigi", ""),
    form("1:1 {person} and Ada", "Video", "Notes are in the shared document"),
    form("{person} / Ada", "", "Whatever is on your mind"),
];

const DEMO: &[Form] = &[
    form("Demo for {client}", "Video", "{person} clicks, Ada talks; the test account is reset"),
    form("{client}: show what {project} can do", "Video", "Half an hour, then questions"),
    form("{project} demo", "Auditorium", "End of the sprint, {client} listens in"),
];

const CALL: &[Form] = &[
    form("Call with {client}", "Video", "Open points of last week"),
    form("{client} weekly", "Video", "Status of the roll-out, {person} takes notes"),
    form("{client}: steering committee", "Paradeplatz", "Traffic lights, risks, decisions"),
];

const HIRING: &[Form] = &[
    form("Interview: backend engineer", "Video", "{person} asks about systems, Ada about the past"),
    form("Interview: data engineer", "Room Pilatus", "Whiteboard, no puzzles; {person} joins"),
    form("Interview, second round", "Video", "Meets {person} and the team"),
    form("Telephone screen", "Telephone", "Applicant for {project}; {person} listens"),
];

const DEBRIEF: &[Form] = &[
    form("Debrief", "Video", "Hire or no hire, everyone votes before we talk"),
    form("Debrief with {person}", "", "Scorecards of today's interview"),
];

const PAIRING: &[Form] = &[
    form("Pair on {ticket}", "Video", "With {person}, on {project}"),
    form("{ticket} with {person}", "", "Look at the trace together"),
    form("{ticket}", "Video", "{project}: find out whether it is ours"),
];

const CODE_REVIEW: &[Form] = &[
    form("Code review hour", "Video", "Oldest pull requests of {project} first"),
    form("Review {person}'s branch", "", "{project}, about 600 lines"),
];

const DEPLOY: &[Form] = &[
    form("Deploy {project}", "", "Canary, then the rest; {person} watches the graphs"),
    form("{project} release", "Bridge", "Tag, notes, roll out"),
    form("Roll out {project} to {client}", "", "Behind the flag, ten percent"),
];

const ROADMAP: &[Form] = &[
    form("{project} roadmap", "Auditorium", "What comes after summer, what we drop"),
    form("Roadmap with {person}", "Room Rigi", "{project} and what depends on it"),
];

const LUNCH: &[Form] = &[
    form("Lunch with {person}", "Canteen", ""),
    form("Lunch", "Kafi Dihei", "{person} has a table"),
    form("Noodles with {person}", "Langstrasse", ""),
];

const COFFEE: &[Form] = &[
    form("Coffee with {person}", "Kafi Dihei", ""),
    form("Coffee {person}", "Canteen", "About {project}, or about nothing"),
];

const ALL_HANDS: &[Form] = &[
    form("All-hands", "Auditorium", "News, then questions"),
    form("Town hall", "Auditorium", "{person} presents {project}"),
];

const TRAINING: &[Form] = &[
    form("Training: writing well", "Room Pilatus", "Short sentences, active verbs"),
    form("Training: Kubernetes for everyone", "Lab", "Bring a laptop"),
    form("Course: leading meetings", "Room Pilatus", "{person} comes too"),
    form("Course: statistics refresher", "Video", "Homework is in the folder"),
];

const SUPPLIER: &[Form] = &[
    form("Vendor: monitoring tool", "Video", "{person} has the feature list"),
    form("Supplier of the badges", "Reception", "New printer, old cards"),
    form("Vendor: translation agency", "Video", "Turnaround and glossary"),
];

const HANDOVER: &[Form] = &[
    form("On-call handover", "Video", "{person} to Ada; quiet week on {project}"),
    form("Support handover", "", "Open tickets of {client}"),
];

const STATUS: &[Form] = &[
    form("Write the status report", "", "{project}: done, next, at risk"),
    form("{project} status", "Video", "{person} reports, ten minutes"),
];

const WORKSHOP: &[Form] = &[
    form("{project} workshop", "Room Eiger", "Sticky notes, then a decision; {person} keeps time"),
    form("Workshop with {client}", "Paradeplatz", "How their process runs today"),
];

const FOCUS: &[Form] = &[
    form("Focus time", "", ""),
    form("Focus: {project}", "", "Door closed"),
    form("Do not book", "", ""),
    form("Block for {project}", "", "Think before typing"),
];

const GYM: &[Form] =
    &[form("Gym", "Puls 5", "Legs and back"), form("Gym", "Puls 5", "Weights, then stretching on the mat")];

const GROCERIES: &[Form] = &[
    form("Groceries", "Coop", "Milk, bread, apples, something for the weekend"),
    form("Market", "Helvetiaplatz", "Cheese, eggs, flowers"),
];

const PICK_UP: &[Form] = &[
    form("Pick up Leo", "Kindergarten", ""),
    form("Pick up Mia", "Hort", "She has her rucksack and the wet things"),
    form("Bring Leo", "Kindergarten", "Gym bag!"),
];

const PLAYDATE: &[Form] = &[
    form("Mia at {friend}'s", "", "Pick her up at six"),
    form("{friend} visits Leo", "Home", "They want pancakes"),
];

const PRACTICE: &[Form] = &[
    form("Leo: practice", "Sportplatz Hardhof", "Shin guards and water"),
    form("Mia: practice", "Turnhalle", "Judo jacket"),
];

const MUM: &[Form] = &[form("Call Mum", "Telephone", ""), form("Mum", "Telephone", "Ask about her hip")];

const DINNER: &[Form] = &[
    form("Dinner with {friend}", "Home", "Something simple"),
    form("{friend} for supper", "Home", "Raclette, they bring dessert"),
    form("Beer with {friend}", "Frau Gerolds Garten", ""),
];

const CINEMA: &[Form] = &[
    form("Riffraff", "Neugasse", "With {friend}, the late showing"),
    form("Film night", "Home", "Sam chooses"),
];

const HOUSEHOLD: &[Form] = &[
    form("Laundry slot", "Basement", "Until ten"),
    form("Paper collection", "", "Tie it in bundles"),
    form("Parcel", "Post office", "Slip is on the fridge"),
    form("Windows", "Home", "Cleaner comes with a ladder"),
    form("Pay the bills", "", "Telephone, electricity"),
];

const GROOMER: &[Form] = &[
    form("Bella to the groomer", "Altstetten", "Clip the coat"),
    form("Bella: long walk", "Allmend", "Ball and treats"),
];

/// These happen again and again.
pub(super) const TOPICS: &[Topic] = &[
    Topic::often("retrospective", 60, Work, RETROSPECTIVE),
    Topic::often("planning", 70, Work, PLANNING),
    Topic::often("design review", 60, Work, DESIGN_REVIEW),
    Topic::series("standup", 10, Work, STANDUP),
    Topic::often("one to one", 110, Work, ONE_TO_ONE),
    Topic::series("one to one", 12, Work, ONE_TO_ONE),
    Topic::often("demo", 70, Work, DEMO),
    Topic::often("call", 90, Work, CALL),
    Topic::series("call", 6, Work, CALL),
    Topic::often("hiring", 110, Work, HIRING),
    Topic::often("debrief", 50, Work, DEBRIEF),
    Topic::often("pairing", 120, Work, PAIRING),
    Topic::often("code review", 70, Work, CODE_REVIEW),
    Topic::often("deploy", 80, Work, DEPLOY),
    Topic::often("roadmap", 40, Work, ROADMAP),
    Topic::often("lunch", 90, Work, LUNCH),
    Topic::often("coffee", 60, Work, COFFEE),
    Topic::often("all hands", 16, Work, ALL_HANDS),
    Topic::often("training", 36, Work, TRAINING),
    Topic::often("supplier", 40, Work, SUPPLIER),
    Topic::often("handover", 50, Work, HANDOVER),
    Topic::often("status", 50, Work, STATUS),
    Topic::often("workshop", 40, Work, WORKSHOP),
    Topic::often("gym", 40, Private, GYM),
    Topic::series("gym", 2, Private, GYM),
    Topic::often("groceries", 60, Private, GROCERIES),
    Topic::often("pick up", 70, Family, PICK_UP),
    Topic::series("pick up", 3, Family, PICK_UP),
    Topic::often("playdate", 40, Family, PLAYDATE),
    Topic::series("practice", 2, Family, PRACTICE),
    Topic::often("mum", 30, Private, MUM),
    Topic::often("dinner", 40, Private, DINNER),
    Topic::often("cinema", 16, Private, CINEMA),
    Topic::often("household", 50, Private, HOUSEHOLD),
    Topic::often("groomer", 12, Private, GROOMER),
];

/// Of this there is as much as it takes to fill the calendar.
pub(super) const REST: Topic = Topic::often("focus", 0, Work, FOCUS);
