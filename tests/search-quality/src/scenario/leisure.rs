//! Family, friends, and what one does for its own sake.

use super::{
    Calendar::{Family, Private},
    topic::{Form, Topic, form},
};

const SCHOOL: &[Form] = &[
    form("Elternabend", "Schulhaus Letten", "Klasse 3b, Wahl der Vertretung"),
    form(
        "Frau Weber about Mia",
        "Schulhaus Letten",
        "How she gets on in class: reading is fine, maths needs patience",
    ),
    form(
        "Frau Weber about Leo",
        "Schulhaus Letten",
        "Ready for first grade, or one more year of kindergarten?",
    ),
];

const BIRTHDAYS: &[Form] = &[
    form("Mia turns nine", "Home", "Cake with candles, ten children, treasure hunt"),
    form("Leo is five!", "Trampolinhalle", "Socks with grips; balloons and presents in the side room"),
    form("Grandma's 80th", "Restaurant Krone", "Speech after the soup, everybody brings a photograph"),
];

const WEDDING: &[Form] = &[
    form(
        "Nina and Paul say yes",
        "Schloss Rapperswil",
        "Ceremony at two, rings with Leo, then the boat; dark suit",
    ),
    form("Bride and groom rehearse", "Schloss Rapperswil", "Who walks when, where the rings are"),
];

const FUNERAL: &[Form] = &[form(
    "Farewell to Uncle Karl",
    "Friedhof Sihlfeld",
    "Coffin at eleven, the priest speaks, coffee with his widow afterwards",
)];

const CONCERTS: &[Form] = &[
    form("Tonhalle", "Claridenstrasse", "Mahler 5, row 12"),
    form("Kaufleuten", "Pelikanplatz", "Indie band from Oslo, doors at eight"),
    form("Saxophone and piano at Moods", "Schiffbau", "Trio, second set is the better one"),
];

const STAGE: &[Form] = &[
    form("Schauspielhaus", "Pfauen", "Hamlet, the short staging without the ghost"),
    form("Chekhov with Sam", "Neumarkt", "Three Sisters, premiere, tickets at the door"),
];

const HIKES: &[Form] = &[
    form("Uetliberg to Felsenegg", "Bahnhof Uetliberg", "Boots and sticks, three hours along the ridge"),
    form("Säntis", "Wasserauen", "Up past the hut on foot, 1,600 metres of climb, back by cable car"),
    form("Via Spluga, first stage", "Thusis", "Backpack under nine kilos, gorge before noon"),
];

const SNOW: &[Form] = &[
    form("Davos weekend", "Parsenn", "Day passes, wax the boards, fresh powder is forecast"),
    form(
        "Flumserberg with Leo",
        "Tannenbodenalp",
        "His first time on the slope: helmet and small boots from the rental",
    ),
];

const POOL: &[Form] = &[
    form("Hallenbad Oerlikon", "Wallisellenstrasse", "Twenty lengths, crawl and breaststroke"),
    form("Hallenbad City", "Sihlstrasse", "Intervals with paddles, forty lengths, goggles"),
];

const BOULDERS: &[Form] =
    &[form("Gaswerk with Tom", "Schlieren", "Chalk and tight shoes; a rope partner for the second hour")];

const RUNNING: &[Form] = &[
    form("10k along the lake", "Mythenquai", "Easy pace, heart rate under 150"),
    form("Fartlek in the woods", "Zürichberg", "Six times three minutes fast, trainers with grip"),
];

const YOGA: &[Form] = &[
    form("Sun salutation with Meret", "Studio Löwenstrasse", "Mat and blocks are there"),
    form("Downward dog before work", "Home", "Twenty minutes of asanas, breathe"),
];

const PIANO: &[Form] = &[
    form("Klavierstunde", "Musikschule", "Leo: Für Elise, erste Seite"),
    form("Recital", "Musikschule", "Leo plays third at the grand piano, be there half an hour before"),
];

const NOVELS: &[Form] = &[
    form("Round at Claudia's", "Idaplatz", "Middlemarch, the first nine chapters"),
    form("Round at ours", "Home", "Middlemarch, to the end; who liked Casaubon?"),
];

const COOKING: &[Form] = &[
    form("Sourdough with Somchai", "Klubschule", "Feed the starter the night before; three loaves each"),
    form("Green curry from scratch", "Klubschule", "Somchai shows how to pound the paste, aprons provided"),
];

const TOGETHER: &[Form] =
    &[form("Twelve years with Sam", "Trattoria Sempre", "The same table as on our honeymoon; roses")];

const FLIGHTS: &[Form] = &[
    form("LX 1632 ZRH-LIS", "Terminal A", "Boarding at 06:40, hand luggage only"),
    form("TP 933 back home", "Terminal 1", "Seat 14C, window for Leo; check in online the day before"),
];

const LODGING: &[Form] = &[form(
    "Arrive at Casa do Bairro",
    "Lisbon",
    "Breakfast until ten, reception closes at midnight, sea view",
)];

const NIGHT_TRAIN: &[Form] =
    &[form("Nachtzug nach Hamburg", "Gleis 9", "Liegewagen, Abteil 4; Ankunft um acht Uhr früh")];

const PAINTINGS: &[Form] = &[
    form("Kunsthaus", "Heimplatz", "Monet and Cézanne, guided tour at six"),
    form("Fondation Beyeler", "Riehen", "Rothko's late canvases, timed ticket"),
];

const GAMES: &[Form] = &[form("Catan and pizza", "At Jonas's", "Six of us, so the expansion; dice tower")];

const STADIUM: &[Form] = &[
    form("Letzigrund", "Herdernstrasse", "FCZ against Basel, south stand, scarf"),
    form("Cup final on the big screen", "Turbinenplatz", "Kick-off at nine, penalty shoot-out likely"),
];

const CHARITY: &[Form] = &[
    form("Gassenküche", "Langstrasse", "Ladle out soup for people who sleep rough"),
    form("Sort winter coats", "Caritas", "Donations go to the shelter"),
];

const VERBS: &[Form] =
    &[form("Lição com Inês", "Video", "Unit 7, past tense; homework on irregular verbs and pronunciation")];

const DARKROOM: &[Form] =
    &[form("Darkroom", "GZ Wipkingen", "Develop two rolls of black and white, print the portraits")];

const SITTER: &[Form] = &[form(
    "Lara looks after the children",
    "Home",
    "Pasta is in the fridge, lights out at eight, we are back by midnight",
)];

const CHOIR: &[Form] = &[
    form("Probe Kirchenchor", "Grossmünster", "Fauré, Requiem: Sanctus und Agnus Dei"),
    form("Altos and basses alone", "Grossmünster", "We sing the Requiem from bar 40, no orchestra yet"),
];

const KRONENHALLE: &[Form] =
    &[form("Kronenhalle, table for four", "Rämistrasse", "By the window, one vegetarian")];

const MARGOT: &[Form] = &[
    form("Déjeuner chez tante Margot", "Lausanne", "Apporter le vin blanc et les photos de vacances"),
    form("Tante Margot à la gare", "Lausanne", "Son train arrive à 11 h 20, voie 4"),
];

/// Each of these happens once a form; some again and again, as series.
pub(super) const TOPICS: &[Topic] = &[
    Topic::once("school", Family, SCHOOL),
    Topic::once("birthdays", Family, BIRTHDAYS),
    Topic::once("wedding", Family, WEDDING),
    Topic::once("funeral", Family, FUNERAL),
    Topic::once("concerts", Private, CONCERTS),
    Topic::once("stage", Private, STAGE),
    Topic::once("hikes", Private, HIKES),
    Topic::once("snow", Family, SNOW),
    Topic::weekly("pool", Private, POOL),
    Topic::weekly("boulders", Private, BOULDERS),
    Topic::once("running", Private, RUNNING),
    Topic::weekly("yoga", Private, YOGA),
    Topic::once("piano", Family, PIANO),
    Topic::once("novels", Private, NOVELS),
    Topic::once("cooking", Private, COOKING),
    Topic::once("together", Family, TOGETHER),
    Topic::once("flights", Family, FLIGHTS),
    Topic::once("lodging", Family, LODGING),
    Topic::once("night train", Private, NIGHT_TRAIN),
    Topic::once("paintings", Private, PAINTINGS),
    Topic::once("games", Private, GAMES),
    Topic::once("stadium", Private, STADIUM),
    Topic::once("charity", Private, CHARITY),
    Topic::weekly("verbs", Private, VERBS),
    Topic::once("darkroom", Private, DARKROOM),
    Topic::once("sitter", Family, SITTER),
    Topic::weekly("choir", Private, CHOIR),
    Topic::once("kronenhalle", Private, KRONENHALLE),
    Topic::once("margot", Family, MARGOT),
];
