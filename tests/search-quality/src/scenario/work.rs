//! What happens at work once, or a few times: what one searches for later.

use super::{
    Calendar::Work,
    topic::{Form, Topic, form},
};

const OUTAGE: &[Form] = &[
    form("Checkout is down", "Bridge", "On-call is in; 502s from the gateway since 14:05, roll back?"),
    form("Failover went wrong", "Bridge", "Both replicas read-only, customers see errors"),
    form("Post-mortem of the lost orders", "Room Eiger", "Timeline, root cause, what alerting missed"),
];

const SECURITY: &[Form] = &[
    form("Pen test findings", "Room Eiger", "Two criticals in the login, one XSS in the editor"),
    form("Rotate the leaked keys", "Video", "Somebody pushed a token to a public repository"),
];

const PRIVACY: &[Form] = &[
    form(
        "DPIA for the recommender",
        "Room Rigi",
        "Lawful basis, how long profiles are kept, right to erasure",
    ),
    form("DPIA, second reading", "Video", "The officer's remarks on consent and processors abroad"),
];

const MONEY: &[Form] = &[
    form(
        "Numbers for the third quarter",
        "Room Rigi",
        "Travel is over, licences are under; freeze contractors?",
    ),
    form("Forecast with the controller", "Video", "Burn rate, runway until autumn, what we can spend"),
];

const SALARY: &[Form] = &[
    form("Compensation round", "Room Pilatus", "Bands for seniors, who gets a raise, keep it confidential"),
    form("Ask for more", "Room Pilatus", "My base has not moved in two years; bring the market figures"),
];

const REORGANISATION: &[Form] = &[form(
    "Different reporting lines",
    "Auditorium",
    "Two teams merge under Daniel, one department is dissolved",
)];

const OFFER: &[Form] = &[
    form(
        "Candidate said yes by telephone",
        "Video",
        "Start in June, relocation, equity: send the papers today",
    ),
    form("Terms for the platform candidate", "Room Rigi", "What to put in the letter so that she signs"),
];

const NEWCOMERS: &[Form] = &[
    form("Welcome Wei", "Reception", "Laptop, badge, accounts, tour of the floor"),
    form("Buddy walk with Kenji", "Reception", "First week: who is who, where the docs are"),
];

const GOODBYE: &[Form] = &[form(
    "Last drinks with Oliver",
    "Rooftop",
    "After eight years he goes; the card circulates until noon",
)];

const APPRAISAL: &[Form] = &[
    form("Half-year talk with Lena", "Room Pilatus", "Goals, strengths, what to learn next"),
    form("Half-year talk with Felix", "Room Pilatus", "Write down what went well and what did not"),
    form("My own half-year talk", "Room Pilatus", "Self-assessment is due two days before"),
];

const KEYNOTE: &[Form] = &[
    form(
        "RustFest: dry run",
        "Auditorium",
        "Forty minutes, demo at minute twelve, fewer words on the slides",
    ),
    form("RustFest: second dry run", "Video", "With a timer, and questions from the audience"),
];

const CHURN: &[Form] = &[
    form("Kestrel may leave us", "Video", "Cheaper competitor; what can we give them to stay"),
    form("Win Kestrel back", "Room Eiger", "Discount for two years, a named engineer"),
];

const LEGAL: &[Form] = &[
    form("MSA with Brightwater, clause 9", "Video", "Cap on liability, governing law, counsel of both sides"),
    form("Redlines from Brightwater", "Video", "Their lawyers want indemnity without limit"),
];

const PRICES: &[Form] = &[form(
    "Tiers and seats",
    "Room Rigi",
    "Should the starter plan be 9 or 12 a month, and is there a free one",
)];

const SCREENS: &[Form] = &[
    form("Figma walk-through", "Video", "Empty states, contrast in dark mode, spacing of the cards"),
    form(
        "Icons and colours",
        "Room Rigi",
        "Figma board is linked; choose one of three looks for the sidebar",
    ),
];

const BETA_TESTERS: &[Form] =
    &[form("Five people try the beta", "Lab", "Watch where they hesitate during signup, give no hints")];

const RANKER: &[Form] = &[
    form("Ranker v2", "Room Eiger", "Precision fell on long inputs; retrain with fresh clicks?"),
    form("Offline figures of the classifier", "Video", "Confusion matrix, overfitting on last year's labels"),
];

const CUTOVER: &[Form] = &[
    form("Postgres 18 cutover", "Bridge", "Read-only at 22:00, replication slots dropped after"),
    form("Postgres 18 cutover: dress rehearsal", "Bridge", "On a copy of last night's backup"),
];

const SHARDS: &[Form] = &[form(
    "Orders table is too big",
    "Room Eiger",
    "Shard by tenant, or partition by month; Postgres or Citus",
)];

const CLOUD_BILL: &[Form] =
    &[form("Who left the GPUs on", "Video", "Spot instances, idle clusters, egress: the invoice doubled")];

const BLIND_USERS: &[Form] =
    &[form("Screen reader session", "Lab", "Labels, focus order, captions; WCAG 2.2 before the audit")];

const PRESS: &[Form] = &[
    form("Tages-Anzeiger", "Telephone", "Reporter asks about the funding; nothing on headcount"),
    form("Podcast recording", "Studio 4", "They publish on Monday, quotes to be approved"),
];

const INVESTORS: &[Form] = &[
    form(
        "Deck for Series B",
        "Room Pilatus",
        "Traction, unit economics, how much we want at which valuation",
    ),
    form("Two funds, back to back", "Paradeplatz", "Partners want the cap table and the churn"),
];

const DESKS: &[Form] =
    &[form("Floor plan", "Room Rigi", "Quiet zone, telephone booths, who sits where from May")];

const OUTING: &[Form] = &[form(
    "Kayaks on the Reuss",
    "Bremgarten",
    "Everybody from engineering, barbecue afterwards, spare clothes",
)];

const EVACUATION: &[Form] = &[form(
    "Evacuation exercise",
    "Stair B",
    "The siren rings at ten, meet at the fountain, wardens count heads",
)];

const NEXT_STEPS: &[Form] = &[form(
    "Coffee with Nadia: what next?",
    "Kafi Dihei",
    "Staff engineer or manager, what I enjoy, where I want to be in five years",
)];

const WILD_IDEAS: &[Form] = &[form(
    "48 hours of wild ideas",
    "Canteen",
    "Teams of four, prototypes by Friday night, prizes from a jury",
)];

const HANDBOOK: &[Form] = &[form(
    "Rewrite the getting-started page",
    "Video",
    "Tutorial first, reference second, every snippet must run",
)];

const PLAT_1432: &[Form] = &[
    form("PLAT-1432: orders stuck in review", "Video", "Reproduced on staging; the queue drops the retry"),
    form("Once more PLAT-1432", "Video", "The fix of last week made it rarer, not gone"),
];

const BADGE_MAKER: &[Form] =
    &[form("Siegelpresse abholen", "Materiallager", "Schlüssel bei Frau Hotz, Inventarnummer 7741")];

/// Each of these happens once a form.
pub(super) const TOPICS: &[Topic] = &[
    Topic::once("outage", Work, OUTAGE),
    Topic::once("security", Work, SECURITY),
    Topic::once("privacy", Work, PRIVACY),
    Topic::once("money", Work, MONEY),
    Topic::once("salary", Work, SALARY),
    Topic::once("reorganisation", Work, REORGANISATION),
    Topic::once("offer", Work, OFFER),
    Topic::once("newcomers", Work, NEWCOMERS),
    Topic::once("goodbye", Work, GOODBYE),
    Topic::once("appraisal", Work, APPRAISAL),
    Topic::once("keynote", Work, KEYNOTE),
    Topic::once("churn", Work, CHURN),
    Topic::once("legal", Work, LEGAL),
    Topic::once("prices", Work, PRICES),
    Topic::once("screens", Work, SCREENS),
    Topic::once("beta testers", Work, BETA_TESTERS),
    Topic::once("ranker", Work, RANKER),
    Topic::once("cutover", Work, CUTOVER),
    Topic::once("shards", Work, SHARDS),
    Topic::once("cloud bill", Work, CLOUD_BILL),
    Topic::once("blind users", Work, BLIND_USERS),
    Topic::once("press", Work, PRESS),
    Topic::once("investors", Work, INVESTORS),
    Topic::once("desks", Work, DESKS),
    Topic::once("outing", Work, OUTING),
    Topic::once("evacuation", Work, EVACUATION),
    Topic::once("next steps", Work, NEXT_STEPS),
    Topic::once("wild ideas", Work, WILD_IDEAS),
    Topic::once("handbook", Work, HANDBOOK),
    Topic::once("PLAT-1432", Work, PLAT_1432),
    Topic::once("seal press", Work, BADGE_MAKER),
];
