//! Queries whose words stand in the events: what full text is for.

use super::{Kind::Lexical, Query};

const fn ask(text: &'static str, topics: &'static [&'static str]) -> Query {
    Query::new(Lexical, text, topics)
}

pub(super) const QUERIES: &[Query] = &[
    ask("Seefeldstrasse 40", &["teeth"]),
    ask("Bahnhofplatz 3", &["eyes"]),
    ask("Schulhaus Letten", &["school"]),
    ask("Kleintierpraxis Wiedikon", &["vet"]),
    ask("Universitätsspital", &["skin"]),
    ask("Musikschule", &["piano"]),
    ask("Hallenbad", &["pool"]),
    ask("huber", &["pipes"]),
    ask("hepatitis yellow fever", &["shots"]).place("Hirschengraben 84"),
    ask("Steuererklärung", &["tax"]).place(""),
    ask("SARON", &["loan"]).place("Paradeplatz"),
    ask("Vietnam visa", &["documents"]).place("Bern"),
    ask("Mahler", &["concerts"]).place("Claridenstrasse"),
    ask("Hamlet", &["stage"]).place("Pfauen"),
    ask("Middlemarch", &["novels"]),
    ask("Somchai", &["cooking"]),
    ask("LX 1632", &["flights"]).place("Terminal A"),
    ask("Nachtzug Hamburg", &["night train"]),
    ask("Casa do Bairro", &["lodging"]),
    ask("Letzigrund", &["stadium"]).place("Herdernstrasse"),
    ask("requiem", &["choir"]),
    ask("tante Margot", &["margot"]),
    ask("coupe et couleur", &["hair"]).place("Niederdorf"),
    ask("Kronenhalle", &["kronenhalle"]),
    ask("PLAT-1432", &["PLAT-1432"]),
    ask("Postgres 18 cutover", &["cutover"]),
    ask("RustFest dry run", &["keynote"]),
    ask("DPIA", &["privacy"]),
    ask("Figma", &["screens"]),
    ask("half-year talk", &["appraisal"]),
    ask("Tages-Anzeiger", &["press"]).place("Telephone"),
    ask("Siegelpresse 7741", &["seal press"]),
    ask("Juniper design review", &["design review"]).project("Juniper"),
    ask("Saffron retrospective", &["retrospective"]).project("Saffron"),
    ask("Obsidian roadmap", &["roadmap"]).project("Obsidian"),
    ask("Ashgrove steering committee", &["call"]).client("Ashgrove").place("Paradeplatz"),
    ask("Larkspur workshop", &["workshop"]).client("Larkspur"),
    ask("Pelican standup", &["standup"]).project("Pelican"),
    ask("steering committee Fernhill", &["call"]).client("Fernhill").place("Paradeplatz"),
];
