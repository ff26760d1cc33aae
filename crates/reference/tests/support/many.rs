//! Companies with so many activities, kinds and rules that what is kept of them does not fit into one
//! word, one partition or the room that there is for it.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use kadence::{AsOf, Dataset, NoFiles, Noun, Options, RuleSet, Schema};

use super::dice::{Dice, plus};

/// What there is beside the standard kinds.
const OWN_KINDS: [&str; 14] =
    ["ka", "kb", "kc", "kd", "ke", "kf", "kg", "kh", "ki", "kj", "kk", "kl", "km", "kn"];

const STANDARD_KINDS: [&str; 6] = ["call", "visit", "meeting", "email", "demo", "offer"];

/// A cell of a row.
type Cell = (&'static str, String);

/// Rules, rows and a moment.
pub(crate) struct Many {
    pub(crate) text: String,
    pub(crate) rules: RuleSet,
    pub(crate) rows: Vec<(Noun, Vec<Cell>)>,
    /// The as-of day.
    pub(crate) day: NaiveDate,
    pub(crate) options: Options,
}

impl Many {
    pub(crate) fn new(dice: &mut Dice) -> Many {
        let (zone, (year, month, day)) = dice.pick(&[
            ("UTC", (2026, 6, 15)),
            ("Europe/Copenhagen", (2026, 10, 25)),
            ("Asia/Beirut", (2026, 3, 29)),
            ("America/St_Johns", (2010, 11, 7)),
        ]);
        let middle = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let text = rules(dice, zone);
        let rules = RuleSet::compile("rules.kpi", &text, &NoFiles);
        let rules = rules.unwrap_or_else(|wrong| panic!("{text}\n{wrong}"));
        let rows = rows(dice, middle);
        let day = plus(middle, dice.pick(&[0, 0, 0, 1, -1, 5, 30, 500, -500]));
        let clock = dice.pick(&["", "T00:00", "T00:00:30", "T12:00", "T12:00", "T23:45"]);
        let as_of = format!("{day}{clock}").parse::<AsOf>().unwrap();
        let from = Some(plus(day, -dice.pick(&[0, 10, 40, 400])));
        let options = Options { history: dice.one_in(2), from, ..Options::at(as_of) };
        Many { text, rules, rows, day, options }
    }

    /// What the rows are, and some more.
    pub(crate) fn dataset(&self, more: &[(Noun, Vec<Cell>)]) -> Dataset {
        dataset(self.rules.schema(), self.rows.iter().chain(more))
    }

    /// Activities that come later, with what all of them have.
    pub(crate) fn more(&self, dice: &mut Dice) -> Vec<(Noun, Vec<Cell>)> {
        let mut row = |n: i64| {
            let cells = vec![
                ("id", format!("b{n}")),
                ("kind", dice.pick(&STANDARD_KINDS).to_owned()),
                ("status", dice.pick(&["completed", "planned"]).to_owned()),
                ("at", plus(self.day, dice.between(-60, 60)).to_string()),
                ("seller", "s0".to_owned()),
                ("customer", "c0".to_owned()),
                ("lead", "l0".to_owned()),
            ];
            (Noun::Activity, cells)
        };
        (0..70).map(&mut row).collect()
    }
}

impl fmt::Display for Many {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{:?}", self.text, self.options)?;
        self.rows.iter().try_for_each(|(noun, cells)| writeln!(f, "{noun}: {cells:?}"))
    }
}

fn dataset<'r>(schema: &Schema, rows: impl Iterator<Item = &'r (Noun, Vec<Cell>)>) -> Dataset {
    let mut builder = Dataset::builder(schema);
    for (noun, cells) in rows {
        let cells: Vec<_> = cells.iter().map(|(name, text)| (*name, text.as_str(), 1)).collect();
        builder.row(*noun, &cells, "random", 1);
    }
    builder.build().unwrap_or_else(|problems| panic!("{problems}")).0
}

fn kind(dice: &mut Dice) -> &'static str {
    if dice.one_in(2) { dice.pick(&STANDARD_KINDS) } else { dice.pick(&OWN_KINDS) }
}

/// Some kinds of activities, as they are written.
fn kinds(dice: &mut Dice) -> String {
    if dice.one_in(6) {
        return dice.pick(&["activity", "touchpoint", "any activity"]).to_owned();
    }
    let mut some: Vec<&str> = (0..1 + dice.below(3)).map(|_| kind(dice)).collect();
    some.sort_unstable();
    some.dedup();
    some.join(" | ")
}

fn letters(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    format!("{}{}", letter(n / 26), letter(n))
}

fn rules(dice: &mut Dice, zone: &str) -> String {
    let mut text = format!("calendar\n    timezone {zone}\n\n");
    OWN_KINDS.iter().for_each(|kind| text.push_str(&format!("activity {kind}\n")));
    let sets: Vec<String> =
        (0..dice.pick(&[8, 20, 60])).map(|n| format!("set{}", letters(n))).collect();
    for set in &sets {
        let own = kinds(dice);
        let other = match dice.below(4) {
            0 => format!("{} {}", dice.pick(&["cancelled", "planned", "any"]), kind(dice)),
            _ => kinds(dice),
        };
        text.push_str(&format!("define {set} = {own}\ndefine o{set} = {other}\n"));
    }
    text.push('\n');
    for set in &sets {
        let rule = rule(dice, set);
        text.push_str(&format!("{rule} as r{set}\n"));
    }
    text
}

fn rule(dice: &mut Dice, set: &str) -> String {
    let noun = dice.pick(&[
        "customer",
        "customer",
        "seller",
        "lead",
        "opportunity",
        "contact",
        "team",
        "company",
        "campaign",
    ]);
    let windows = ["per month", "per quarter", "this year", "in last 30 days", "in previous month"];
    let window = dice.pick(&windows);
    let within =
        format!("{} {}", dice.pick(&[0, 1, 3, 7, 30, 200]), dice.pick(&["days", "workdays"]));
    let on = match noun {
        "seller" | "team" | "company" => {
            dice.pick(&["", " on lead", " on open lead", " on campaign"])
        }
        _ => "",
    };
    let (sign, value) = (dice.pick(&[">=", "<=", ">", "<", "!="]), dice.pick(&[0, 1, 2, 3, 5]));
    let followed = format!("followed by o{set} within {within}");
    match dice.below(7) {
        0 | 1 => format!("{set}: {followed}"),
        2 => format!("{noun}: share of {set}{on} that ({followed}) {sign} 50% {window}"),
        3 => {
            let field = dice.pick(&["seller", "contact"]);
            format!("{noun}: distinct {field} of {set}{on} {sign} {value} {window}")
        }
        4 => {
            let days = dice.pick(&[3, 10, 40]);
            format!("{noun}: longest gap of {set}{on} {sign} {days} {window}")
        }
        5 => format!("{noun}: next {set}{on} within {} days", dice.pick(&[1, 14, 60])),
        _ => format!("{noun}: {set}{on} {sign} {value} {window}"),
    }
}

fn rows(dice: &mut Dice, middle: NaiveDate) -> Vec<(Noun, Vec<Cell>)> {
    let mut count = || dice.pick(&[1, 2, 5, 9, 30]);
    let (sellers, customers, contacts) = (count(), count(), count());
    let (leads, opportunities, campaigns) = (count(), count(), count());
    // Contacts and opportunities may be other customers' than an activity names.
    let are_apart = dice.one_in(2);
    let id = |letter: &str, n: usize| ("id", format!("{letter}{n}"));
    let status = |n: usize| ("status", if n % 9 == 8 { "lost" } else { "open" }.to_owned());
    let mut rows = Vec::new();
    rows.extend((0..2).map(|n| (Noun::Team, vec![id("t", n)])));
    let of_team = |n| (Noun::Seller, vec![id("s", n), ("team", format!("t{}", n % 2))]);
    rows.extend((0..sellers).map(of_team));
    rows.extend((0..customers).map(|n| (Noun::Customer, vec![id("c", n)])));
    for n in 0..contacts {
        let customer = ("customer", format!("c{}", dice.below(customers)));
        rows.push((Noun::Contact, vec![id("p", n), customer]));
    }
    rows.extend((0..campaigns).map(|n| (Noun::Campaign, vec![id("m", n)])));
    rows.extend((0..leads).map(|n| (Noun::Lead, vec![id("l", n), status(n)])));
    for n in 0..opportunities {
        let mut cells = vec![id("o", n), status(n)];
        if !are_apart {
            cells.push(("customer", format!("c{}", dice.below(customers))));
        }
        rows.push((Noun::Opportunity, cells));
    }
    let reach = dice.pick(&[5, 40, 400]);
    let (is_created, rarely) = (dice.one_in(3), dice.pick(&[2, 2, 6]));
    for n in 0..dice.pick(&[60, 130, 300, 700]) {
        let day = plus(middle, dice.between(-reach, reach.min(60)));
        let clock = dice.pick(&["", "T00:00", "T00:00:30", "T12:00", "T12:00", "T23:30", "T23:59"]);
        // An hour that clocks in St John's showed twice, over midnight.
        let twice = ["11-07T00:00:30-02:30", "11-06T23:30-03:30", "11-06T23:30-02:30"];
        let at = match (middle.year(), dice.one_in(10)) {
            (2010, true) => format!("2010-{}", dice.pick(&twice)),
            _ => format!("{day}{clock}"),
        };
        let mut cells = vec![
            id("a", n),
            ("kind", kind(dice).to_owned()),
            ("status", dice.pick(&["completed", "completed", "planned", "cancelled"]).to_owned()),
            ("at", at),
            ("seller", format!("s{}", dice.below(sellers))),
        ];
        let contact_in = if are_apart { 1000 } else { 8 };
        let names = [
            ("contact", "p", contacts, contact_in),
            ("customer", "c", customers, 2),
            ("lead", "l", leads, rarely),
            ("opportunity", "o", opportunities, rarely),
            ("campaign", "m", campaigns, rarely),
        ];
        for (field, letter, of, one_in) in names {
            if dice.one_in(one_in) {
                cells.push((field, format!("{letter}{}", dice.below(of))));
            }
        }
        if is_created && dice.one_in(2) {
            cells.push(("created", plus(middle, dice.between(-reach, 30)).to_string()));
        }
        rows.push((Noun::Activity, cells));
    }
    rows
}
