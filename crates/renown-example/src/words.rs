//! What the town's people are called and talk about. Every word is invented for it; a likeness is chance.
//!
//! No entry holds a quotation mark, a backslash or a control character, so the stream copies them unescaped.

use crate::dice::Dice;

/// Given names.
#[rustfmt::skip]
pub const GIVEN: &[&str] = &[
    "Abelard", "Alwine", "Amparo", "Ansel", "Åsne", "Auberon", "Averil", "Bastian", "Bettina", "Blaise",
    "Brannoch", "Brisa", "Caspian", "Celandine", "Chidera", "Clovis", "Corwin", "Dagny", "Delphine", "Dorrit",
    "Eamon", "Edda", "Eloísa", "Emeka", "Ephraim", "Esra", "Evander", "Fenna", "Fiorella", "Florian",
    "Françoise", "Gesine", "Gideon", "Giulia", "Greta", "Halvard", "Hanneke", "Hollis", "Ibeke", "Idris",
    "Ilse", "Inigo", "Iolanthe", "Isolde", "Jacoba", "Jarek", "Jessamy", "Jory", "Junia", "Kaveh", "Kerensa",
    "Kofi", "Lavinia", "Leocadia", "Linnéa", "Lorcan", "Łucja", "Ludo", "Maelys", "Malik", "Mara", "Marisol",
    "Matthis", "Merrin", "Mirela", "Nadezhda", "Nesrin", "Nikolai", "Noor", "Odalys", "Oisín", "Olwen",
    "Orla", "Osk", "Ottavie", "Pascoe", "Perpetua", "Petra", "Quillon", "Rafe", "Ragnhild", "Renske",
    "Rosalba", "Ruben", "Saoirse", "Selwyn", "Severin", "Sigrid", "Søren", "Sunniva", "Sylke", "Tamsin",
    "Tancred", "Thandi", "Theda", "Tilda", "Tobiah", "Umberto", "Una", "Ursel", "Velda", "Vesper", "Viggo",
    "Wanjiru", "Wilmot", "Wren", "Xanthe", "Yaron", "Yevgenia", "Ysolt", "Zacharias", "Żaneta", "Zdeněk",
    "Zephyrine", "Zoltán", "Zuri",
];

/// Family names.
#[rustfmt::skip]
pub const FAMILY: &[&str] = &[
    "Abbermoor", "Alderquill", "Applestride", "Ashenvale", "Bellwhistle", "Birkenhorn", "Blythewater",
    "Bramblecott", "Brookmoss", "Candlewick", "Cloudsley-Orr", "Copperfold", "Cranlight", "Cronk",
    "Dallowick", "Dapplemere", "Dewhollow", "Dunnavar", "Eelbrook", "Emberly-Voss", "Fairweft", "Fennimarsh",
    "Ferrowby", "Flaxengate", "Foxmantle", "Garrowell", "Gillyflower", "Gossamoor", "Greensleight",
    "Grellish", "Hartwhistle", "Hazelrigg-Doe", "Heronsby", "Hollowbread", "Honeysett", "Inkerstone",
    "Jasperling", "Juniperhaus", "Kestrelby", "Kindlewood", "Kobbeltvedt", "Lacewing", "Lanternsen",
    "Larkspindle", "Lind", "Loamfield", "Łąkowicz", "Maplethwaite", "Marrowby", "Meadowcroak", "Millefiore",
    "Mistlebury", "Mosswright", "Nettlefeld", "Nimblequay", "Oatenshaw", "Okonwold", "Orchardson", "Øverbekk",
    "Pebbleton", "Pellwick", "Pepperday", "Plumstead-Ray", "Puddifoot", "Quartermoon", "Quillfeather",
    "Quincebury", "Rainwater", "Reedsong", "Rookhampton", "Rushlight", "Saltmarsh", "Seedhouse",
    "Silverthread", "Skylarking", "Snowberry", "Sparrowgate", "Starlingford", "Sugarloaf", "Tallowby",
    "Tangleweed", "Teasdown", "Thimble", "Thistlewood", "Tidewarden", "Timberlake-Oni", "Tumbledown",
    "Underhay", "Valerianu", "Varnholt", "Vinterhage", "Wadebridge", "Wagtail", "Wallflower", "Weatherby",
    "Wickerley", "Willowherb", "Windlestraw", "Woolgather", "Wrenlow", "Yarrowby", "Yellowhammer",
    "Zelenkova", "Zimtstern",
];

/// How a post begins.
#[rustfmt::skip]
const OPENINGS: &[&str] = &[
    "First ripe tomatoes on the balcony this morning.", "The 8:14 was on time for once.",
    "Rain since breakfast, and the gutters are singing.", "Market day on the quay.",
    "Finally finished the blue jumper.", "Three hours of fog over the harbour.",
    "The bakery has the plum buns again.", "New puncture, same corner of Mill Lane.",
    "Swifts are back over the station roof.", "Sourdough attempt number nine.",
    "The allotment slugs have won this round.", "Somebody left a piano at the bus stop.",
    "Choir practice moved to the old mill.", "Rode the branch line to the very end.",
    "The bookshop cat has a new cushion.", "Peeled forty apples for the parish fair.",
    "Wind from the north, kites everywhere.", "The chess club needs a longer table.",
    "Repaired the garden gate with one hinge.", "Low tide and the whole beach to ourselves.",
    "The café on Bell Street does cardamom now.", "Found my grandmother’s map of the canals.",
    "Planted the garlic a month too early.", "Night train in the sleet, best seat in the house.",
    "The library has extended its hours.", "Painted the shed the colour of mustard.",
    "Our bees moved into the chimney.", "Lost at dominoes to a nine-year-old.",
    "Half the lanterns for the parade are done.", "The ferry bell has been polished.",
];

/// How it goes on.
#[rustfmt::skip]
const MIDDLES: &[&str] = &[
    "I did not expect to enjoy it this much.", "Worth getting up early for.", "Ask me again in a week.",
    "The neighbours came to look.", "Photographs when the light is better.", "Next time I bring a thermos.",
    "My knees disagree.", "It smells of wet pine and coffee.", "Twelve people stopped to help.",
    "Nobody can tell me who started it.", "There is a queue round the corner already.",
    "It cost less than a bus ticket.", "The recipe is on the back of an envelope.",
    "We will try again on Thursday.", "I have written down every step.", "The dog approves.",
    "All of it by hand, none of it straight.", "That makes six in one summer.",
    "The old signal box would be proud.", "Even the mayor came by bicycle.",
    "Thank you to everybody who lent a ladder.", "I blame the new moon.", "Bring a coat if you come.",
    "The next one is on Saturday at ten.",
];

/// How it ends.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "🌱", "🚂", "☔", "🍞", "🧶", "🐝", "🌫️", "🚲", "🎶", "🍎", "", "", "", "#tarrowick", "#allotment", "#slowtrains",
    "Très content.", "Ça marche!", "Schönes Wochenende!", "¡Qué alegría!", "ありがとう", "Dziękuję!",
    "So it goes.",
];

/// What people answer.
#[rustfmt::skip]
pub const ANSWERS: &[&str] = &[
    "Lovely, save me a piece!", "I was there too, what a morning.", "Which platform?",
    "That is exactly my experience.", "How long did it take?", "Beautiful 😍",
    "I tried this last week and it worked.", "See you on Saturday.", "Could you post the recipe?",
    "My aunt swears by ash against slugs.", "Count me in.", "This made my day ☀️", "Not in this weather!",
    "Wonderful, merci!", "Where did you find the hinge?", "The 8:14 is never on time for me 😅", "Bravo!",
    "I still have your ladder.", "Please do this again.", "So gut!", "The dog looks pleased.",
    "Learned something, thank you.", "We need this in the north of town as well.", "Same here, twice.",
];

/// What the shop account that bought its followers posts.
#[rustfmt::skip]
pub const DEALS: &[&str] = &[
    "Umbrellas three for two until Sunday only!", "Follow us for daily garden gnome deals!",
    "Best prices on candles, every day, all day!", "New stock of lanterns, order before noon!",
];

/// A post: an opening, a middle and an ending.
pub fn post(dice: &mut Dice) -> String {
    let words = [*dice.pick(OPENINGS), *dice.pick(MIDDLES), *dice.pick(ENDINGS)];
    words.join(" ").trim_end().to_owned()
}

/// The parts of a long post, chosen by one number: what the stream remembers of a text.
pub fn long_post(choice: u32) -> [&'static str; 4] {
    let at = |words: &[&'static str], shift: u32| words[(choice >> shift) as usize % words.len()];
    [at(OPENINGS, 0), at(MIDDLES, 8), at(OPENINGS, 16), at(ENDINGS, 24)]
}

/// A name in lower-case ASCII letters, digits and single separators: `Åsne Dallowick` gives `asne-dallowick`.
pub fn ascii(name: &str, separator: &str) -> String {
    let mut out = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => out.push(letter),
            'á' | 'å' | 'ą' => out.push('a'),
            'ç' => out.push('c'),
            'é' | 'ě' => out.push('e'),
            'í' => out.push('i'),
            'ł' => out.push('l'),
            'ø' | 'ó' => out.push('o'),
            'ż' => out.push('z'),
            _ => out.push_str(separator),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_needs_escaping_and_every_name_has_an_ascii_form() {
        let all = [GIVEN, FAMILY, OPENINGS, MIDDLES, ENDINGS, ANSWERS, DEALS].concat();
        assert!(all.iter().all(|word| !word.contains(['"', '\\']) && !word.contains(char::is_control)));
        for name in [GIVEN, FAMILY].concat() {
            assert_eq!(ascii(name, "?").matches('?').count(), name.matches('-').count(), "{name}");
        }
    }
}
