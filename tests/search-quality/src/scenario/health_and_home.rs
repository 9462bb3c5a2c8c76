//! The body, the home, and the authorities.

use super::{
    Calendar::Private,
    topic::{Form, Topic, form},
};

const TEETH: &[Form] = &[
    form("Dentist", "Seefeldstrasse 40", ""),
    form("Dr. Brunner", "Seefeldstrasse 40", "Professional cleaning and an X-ray of the molars"),
    form("Dental hygienist", "Seefeldstrasse 40", "Every six months; they send the bill to the insurance"),
    form("Crown fitting", "Seefeldstrasse 40", "Second sitting, upper left. No food for two hours after"),
];

const EYES: &[Form] = &[
    form("Optician", "Bahnhofplatz 3", "Stronger lenses, bring the old prescription"),
    form("Augenarzt", "Bahnhofplatz 3", "Kontrolle des Sehnervs, nicht selbst fahren"),
    form("Optometrist Frau Marti", "Bahnhofplatz 3", "Short-sighted again? Pick a frame afterwards"),
];

const SKIN: &[Form] = &[
    form("Dermatologist", "Universitätsspital", "Mole screening, head to toe"),
    form(
        "Follow-up with Dr. Amrein",
        "Universitätsspital",
        "Result of the biopsy from the shoulder, melanoma or not",
    ),
];

const SHOTS: &[Form] = &[
    form("Tropeninstitut", "Hirschengraben 84", "Hepatitis A, second shot, and yellow fever"),
    form("Flu jab", "Pharmacy at the station", "Free for over fifties, everybody else pays 30"),
    form("Tick-borne encephalitis booster", "Pharmacy at the station", "Third dose of three"),
];

const KNEE: &[Form] = &[
    form("Physio with Beat", "Zentrum Balgrist", "Stretching and balance after the knee operation"),
    form("Knee: build up the muscles", "Zentrum Balgrist", "Squats on the wobble board, ten minutes of bike"),
];

const WORRY: &[Form] = &[
    form("Frau Keller", "Praxis am Park", "Cognitive behavioural work on sleep and worry"),
    form("Frau Keller, second hour", "Praxis am Park", "Bring the diary of panic attacks"),
];

const VET: &[Form] = &[
    form("Vet", "Kleintierpraxis Wiedikon", "Bella: rabies certificate and deworming"),
    form("Bella: stitches out", "Kleintierpraxis Wiedikon", "She must not have licked the wound"),
];

const HAIR: &[Form] = &[
    form("Coiffeur Élise", "Niederdorf", "Coupe et couleur, une heure et demie"),
    form("Barber", "Langstrasse", "Short at the sides, leave the top"),
];

const SAUNA: &[Form] = &[
    form("Stadtbad", "Bäckerstrasse", "Steam room, cold plunge, two hours without a telephone"),
    form("Seebad Enge in January", "Mythenquai", "Hot hut, icy lake, repeat"),
];

const PIPES: &[Form] = &[
    form("Sanitär Huber kommt", "Home", "Der Abfluss in der Küche ist verstopft"),
    form("Huber back again", "Home", "The tap under the basin still leaks, water in the cupboard"),
];

const BOILER: &[Form] = &[
    form("Boiler service", "Home", "Yearly maintenance of the gas burner; somebody must open the cellar"),
    form("Radiators stay cold", "Home", "Somebody bleeds them and looks at the thermostats"),
];

const RELOCATION: &[Form] = &[
    form("Van and two strong men", "Old flat", "Boxes from the third floor first, then the piano"),
    form("Hand over the keys", "Old flat", "Walk through with the landlord, note every scratch"),
    form("Wrap the plates, label the cartons", "Old flat", "Newspaper and tape are in the hall"),
];

const FIBRE: &[Form] =
    &[form("Technician for the fibre line", "Home", "Between 8 and 12; router goes in the cupboard")];

const CAR: &[Form] = &[
    form("Winter tyres on", "Garage Moser", "The summer ones stay there until April"),
    form("Brake pads and oil", "Garage Moser", "Leave the Skoda the evening before, key in the box"),
    form("MFK", "Strassenverkehrsamt", "Headlights, emissions, first-aid kit"),
];

const TAX: &[Form] = &[
    form("Steuererklärung", "", "Belege sortieren, Frist ist Ende März"),
    form(
        "Fiduciary",
        "Löwenstrasse 11",
        "Deductions for childcare and pillar 3a, then send it to the canton",
    ),
];

const LOAN: &[Form] = &[
    form("Herr Vogt, Kantonalbank", "Paradeplatz", "Fixed for ten years or SARON? Bring three pay slips"),
    form("Second opinion on the rate", "Video", "Mortgage: the other lender offers 1.4 for eight years"),
];

const POLICIES: &[Form] = &[
    form(
        "Broker compares three offers",
        "Video",
        "Household contents, liability, legal cover: what do we pay twice",
    ),
    form("Report the burst window", "Telephone", "Claim number, photographs, deductible 200"),
];

const PLANTS: &[Form] = &[
    form("Tomatoes on the balcony", "Home", "Repot, fresh soil, cut the basil back"),
    form("Hedge and lawn with the neighbours", "Courtyard", "Bring gloves; shears are in the shed"),
];

const DOCUMENTS: &[Form] = &[
    form("Passbüro", "Stampfenbachstrasse", "Biometrisches Foto, alte Identitätskarte mitnehmen"),
    form("Consulate", "Bern", "Visa for Vietnam, two copies of the form"),
];

const BLOOD: &[Form] =
    &[form("Red Cross, give blood", "Spende Zürich", "Drink a lot before; half a litre, then a sandwich")];

/// Each of these happens once a form.
pub(super) const TOPICS: &[Topic] = &[
    Topic::once("teeth", Private, TEETH),
    Topic::once("eyes", Private, EYES),
    Topic::once("skin", Private, SKIN),
    Topic::once("shots", Private, SHOTS),
    Topic::once("knee", Private, KNEE),
    Topic::once("worry", Private, WORRY),
    Topic::once("vet", Private, VET),
    Topic::once("hair", Private, HAIR),
    Topic::once("sauna", Private, SAUNA),
    Topic::once("pipes", Private, PIPES),
    Topic::once("boiler", Private, BOILER),
    Topic::once("relocation", Private, RELOCATION),
    Topic::once("fibre", Private, FIBRE),
    Topic::once("car", Private, CAR),
    Topic::once("tax", Private, TAX),
    Topic::once("loan", Private, LOAN),
    Topic::once("policies", Private, POLICIES),
    Topic::once("plants", Private, PLANTS),
    Topic::once("documents", Private, DOCUMENTS),
    Topic::once("blood", Private, BLOOD),
];
