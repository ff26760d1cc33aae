//! Invented names.

use crate::random::Random;

const TRADES: [(&str, [&str; 10]); 3] = [
    (
        "DK",
        [
            "Værksted",
            "Logistik",
            "Tandklinik",
            "Revision",
            "Bogtryk",
            "Køkkener",
            "Gymnasium",
            "Rådgivning",
            "Frø",
            "Maskinfabrik",
        ],
    ),
    (
        "SE",
        [
            "Verkstad",
            "Åkeri",
            "Tandvård",
            "Redovisning",
            "Tryckeri",
            "Snickeri",
            "Gymnasium",
            "Konsult",
            "Bageri",
            "Såg",
        ],
    ),
    (
        "NO",
        [
            "Verksted",
            "Frakt",
            "Tannklinikk",
            "Regnskap",
            "Trykkeri",
            "Møbler",
            "Skole",
            "Rådgivning",
            "Fisk",
            "Bruk",
        ],
    ),
];

const PLACES: [(&str, &[&str]); 3] = [
    (
        "DK",
        &[
            "Vaffelholm",
            "Trommesø",
            "Øgleby",
            "Muldvang",
            "Kæbelund",
            "Sløjfeby",
            "Rævekær",
            "Pindsø",
            "Hønsemose",
            "Gråpilsted",
            "Tågerød",
            "Æblekrog",
            "Knæklund",
            "Brombærby",
            "Sivhøj",
            "Uglebæk",
            "Ålestrøm",
            "Fuglekæld",
            "Lyngpold",
            "Skrænterup",
            "Dybtoft",
            "Havrebjærg",
            "Mælkevang",
            "Nøddesø",
            "Stenpilt",
            "Vindelbo",
        ],
    ),
    (
        "SE",
        &[
            "Älgtuva",
            "Trollmåla",
            "Kräftboda",
            "Blåbärsmo",
            "Grävlinge",
            "Norrsnår",
            "Svampköp",
            "Ekorrvik",
            "Långmyren",
            "Gökhult",
            "Rönnskär",
            "Vråkärr",
            "Tallkotte",
            "Öringsbo",
            "Dimmeryd",
            "Hjortrontorp",
            "Sotvik",
            "Järpnäs",
        ],
    ),
    (
        "NO",
        &[
            "Grautdal",
            "Lundefjell",
            "Røyskattvik",
            "Tyttebærli",
            "Jervåsen",
            "Multemyr",
            "Spøtnes",
            "Rypedal",
            "Sølvbekk",
            "Tåkeheim",
            "Elgtråkk",
            "Brislingøy",
            "Skogmår",
            "Vømmel",
        ],
    ),
];

const FIRST_NAMES: [&str; 36] = [
    "Agnes", "Aksel", "Alma", "Anker", "Birte", "Børge", "Dagny", "Dorthe", "Eigil", "Ellen",
    "Espen", "Freja", "Gry", "Gösta", "Halfdan", "Hjørdis", "Inga", "Ivar", "Jørgen", "Kåre",
    "Kerstin", "Lærke", "Magnhild", "Mårten", "Nanna", "Oddvar", "Pernille", "Ragna", "Rasmus",
    "Signe", "Sture", "Svea", "Torben", "Ulrika", "Vibeke", "Østen",
];

const REGIONS: [(&str, &[&str]); 3] = [
    ("DK", &["Sjælland", "Sydsjælland og øerne", "Fyn", "Midtjylland", "Nordjylland"]),
    ("SE", &["Skåne", "Västra Götaland", "Småland", "Mälardalen"]),
    ("NO", &["Østlandet", "Vestlandet", "Trøndelag"]),
];

/// Names of companies that nobody has yet.
pub(crate) struct Names(Vec<(&'static str, Vec<String>)>);

impl Names {
    pub(crate) fn shuffled() -> Self {
        let mut random = Random::new(1);
        let mut all = Vec::new();
        for ((country, places), (_, trades)) in PLACES.iter().zip(&TRADES) {
            let with_trades = |place: &&str| trades.map(|trade| format!("{place} {trade}"));
            let mut names: Vec<String> = places.iter().flat_map(with_trades).collect();
            random.shuffle(&mut names);
            all.push((*country, names));
        }
        Names(all)
    }

    pub(crate) fn take(&mut self, country: &str) -> String {
        let names = self.0.iter_mut().find(|(code, _)| *code == country);
        names.and_then(|(_, names)| names.pop()).unwrap_or_default()
    }
}

pub(crate) fn first_name(random: &mut Random) -> &'static str {
    random.pick(&FIRST_NAMES)
}

pub(crate) fn region(random: &mut Random, country: &str) -> &'static str {
    let regions = REGIONS.iter().find(|(code, _)| *code == country);
    regions.map_or("", |(_, regions)| random.pick(regions))
}
