//! Who and what the blanks of a form are filled with.

/// Colleagues, each at `name@example.com`.
pub(crate) const PEOPLE: [&str; 16] = [
    "Priya", "Tomas", "Lena", "Marco", "Aisha", "Jonas", "Wei", "Sofia", "Daniel", "Nadia", "Oliver",
    "Hannah", "Kenji", "Ruth", "Felix", "Ines",
];

/// What they work on.
pub(crate) const PROJECTS: [&str; 10] = [
    "Heron", "Juniper", "Saffron", "Obsidian", "Lantern", "Mistral", "Compass", "Tundra", "Marigold",
    "Pelican",
];

/// Whom they work for.
pub(crate) const CLIENTS: [&str; 10] = [
    "Kestrel",
    "Brightwater",
    "Oakfield",
    "Tidemark",
    "Larkspur",
    "Stonebridge",
    "Fernhill",
    "Copperline",
    "Ashgrove",
    "Westmoor",
];

/// Friends, who have no account.
pub(crate) const FRIENDS: [&str; 8] = ["Tom", "Claudia", "Meret", "Nina", "Emil", "Lotte", "Anouk", "Beat"];
