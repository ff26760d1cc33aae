//! Random rules that are often about the same: few populations, few kinds, few windows.

use std::fmt::Write;

use kadence::internals::calendar::Unit;

use super::dice::Dice;

/// A rule as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: String,
    /// The last window or duration of its condition, as written.
    pub(crate) window: String,
    /// The shortest unit of its periods.
    pub(crate) unit: Option<Unit>,
    /// How often something is asked for or allowed, and in how many days: where histories start
    /// from.
    pub(crate) pace: Option<(u32, u32)>,
}

/// What a rule set is about.
struct Family {
    populations: &'static [&'static str],
    fields: &'static [&'static str],
}

const CUSTOMERS: Family = Family {
    populations: &[
        "customer",
        "customer",
        "customer",
        "A-customer",
        "B-customer",
        "key customer",
        "large customer",
        "customer where revenue < 500",
        "customer where revenue >= 100 and country is dk",
        "customer where country in (dk, se)",
        "A-customer where country is not dk",
        "customer",
        "customer where segment is A or revenue >= 100",
        "customer where calls >= 2 in last 90 days",
        "customer where calls <= 1 in last 90 days",
        "customer where revenue is known",
        "dormant customer",
        "new customer",
    ],
    fields: &[
        "revenue >= 100",
        "revenue >= 500",
        "revenue between 100 and 500",
        "segment is A",
        "segment is not A",
        "country is dk",
        "country is unknown",
        "revenue is known",
        "created before 2015-01-01",
    ],
};

const LEADS: Family = Family {
    populations: &[
        "lead",
        "lead",
        "open lead",
        "hot lead",
        "warm lead",
        "lost lead",
        "lead where source is web",
        "open lead where source is not web",
        "open lead where temperature in (hot, warm)",
    ],
    fields: &[
        "status is open",
        "status is lost",
        "temperature is hot",
        "temperature in (hot, warm)",
        "source is web",
        "source is not web",
        "temperature is known",
    ],
};

const SETS: [&str; 10] = [
    "calls",
    "calls",
    "calls",
    "touchpoints",
    "touchpoints",
    "visits",
    "activities",
    "call | visit",
    "long calls",
    "touchpoints spaced 20 days",
];

const WINDOWS: [(&str, u32); 14] = [
    ("per year", 365),
    ("per year", 365),
    ("per half-year", 182),
    ("per quarter", 91),
    ("per quarter", 91),
    ("per month", 30),
    ("per month", 30),
    ("per week", 7),
    ("in last 30 days", 30),
    ("in last 90 days", 90),
    ("in last 3 months", 91),
    ("in last 12 months", 365),
    ("this month", 30),
    ("this quarter", 91),
];

pub(crate) fn rule_set(dice: &mut Dice) -> (String, Vec<Written>) {
    let mut text = String::new();
    let start = dice.pick(&["1 January", "1 January", "1 July", "15 April"]);
    let week = dice.pick(&["Monday", "Sunday"]);
    let _ = writeln!(text, "calendar\n    year starts {start}\n    week starts {week}");
    text.push_str("define large customer = customer where revenue >= 500\n");
    text.push_str("define long call = call where minutes >= 10\n");
    if dice.one_in(3) {
        text.push_str("segment A = customer where revenue >= 200\n");
        text.push_str("segment B = customer where revenue < 200\n");
        text.push_str("define key customer = A-customer where revenue >= 300\n");
    } else {
        text.push_str("define key customer = A-customer where revenue >= 100\n");
    }
    let family = if dice.one_in(3) { LEADS } else { CUSTOMERS };
    let count = 2 + dice.below(4);
    // Most rules are about the same, so that much can be claimed of them.
    let focus = Focus {
        population: dice.pick(family.populations),
        set: dice.pick(&SETS),
        impossible: dice.one_in(20),
    };
    let mut written = Vec::new();
    for place in 0..count {
        let (rule, made) = rule(dice, &family, &focus, place);
        text.push_str(&rule);
        written.push(made);
    }
    (text, written)
}

/// What the rules of a set are about, most times.
struct Focus {
    population: &'static str,
    set: &'static str,
    /// Whether there is a rule that judges nobody.
    impossible: bool,
}

/// What a condition says, for who makes histories.
struct Said {
    text: String,
    window: String,
    pace: Option<(u32, u32)>,
}

fn rule(dice: &mut Dice, family: &Family, focus: &Focus, place: usize) -> (String, Written) {
    let is_lead = family.populations.contains(&"lead");
    let population = match dice.below(4) {
        0 => dice.pick(family.populations),
        1 => family.populations[0],
        _ if focus.impossible && is_lead => "hot lead where status is lost",
        _ if focus.impossible => "large customer where revenue < 500",
        _ => focus.population,
    };
    let said = condition(dice, family, focus, 1);
    let id = format!("r{place}");
    let mut text = format!("{population}: {}   as {id}", said.text);
    if said.text.contains(" per ") && !said.text.contains("average") && dice.one_in(15) {
        let can = !said.text.contains("longest") && !said.text.contains("not (");
        text.push_str(if can { " prorate" } else { "" });
    }
    if dice.one_in(12) {
        let since = ["since 2021-03-10", "since 2023-01-01", "until 2031-05-01"];
        let _ = write!(text, " {}", dice.pick(&since));
    }
    if dice.one_in(12) {
        let more = ["warn 10 days", "grace 60 days", "severity info", "weight 2"];
        let _ = write!(text, " {}", dice.pick(&more));
    }
    if dice.one_in(12) {
        let _ = write!(text, " unless ({})", dice.pick(family.fields));
    }
    text.push('\n');
    let units = [
        ("per day", Unit::Day),
        ("per week", Unit::Week),
        ("per month", Unit::Month),
        ("per quarter", Unit::Quarter),
        ("per half-year", Unit::HalfYear),
        ("per year", Unit::Year),
    ];
    let unit = units.into_iter().find(|(words, _)| said.text.contains(words)).map(|(_, u)| u);
    (text, Written { id, window: said.window, unit, pace: said.pace })
}

fn condition(dice: &mut Dice, family: &Family, focus: &Focus, depth: u32) -> Said {
    let plain = |text: String| Said { text, window: String::new(), pace: None };
    match dice.below(30) {
        0 if depth > 0 => {
            let (a, b) = (condition(dice, family, focus, 0), condition(dice, family, focus, 0));
            let word = dice.pick(&["and", "or"]);
            // Two windows are none that could be the same as another's.
            let window = format!("{} {word} {}", a.window, b.window);
            Said { text: format!("({}) {word} ({})", a.text, b.text), window, pace: a.pace }
        }
        1 if depth > 0 => {
            let a = condition(dice, family, focus, 0);
            Said { text: format!("not ({})", a.text), ..a }
        }
        2 => plain(dice.pick(family.fields).to_owned()),
        3 => {
            let (a, b) = (dice.pick(family.fields), dice.pick(family.fields));
            plain(format!("{a} and {b}"))
        }
        4 => {
            let (a, b) = (dice.pick(family.fields), dice.pick(family.fields));
            plain(format!("({a} or {b})"))
        }
        5..=7 => {
            let (text, days) = dice.pick(&[
                ("20 days", 20),
                ("30 days", 30),
                ("6 weeks", 42),
                ("2 months", 60),
                ("90 days", 90),
            ]);
            let set = dice.pick(&["call", "touchpoint", "visit", "activity"]);
            let window = format!("every {text}");
            Said { text: format!("{set} {window}"), window, pace: Some((1, days)) }
        }
        8 => {
            let within = dice.pick(&["", " within 7 days", " within 14 days", " within 1 month"]);
            plain(format!("next {}{within}", dice.pick(&["call", "touchpoint", "activity"])))
        }
        9 => {
            let most = dice.pick(&[10, 30, 60]);
            let set = dice.pick(&["calls", "touchpoints"]);
            let window = format!("{most} days");
            Said { text: format!("days since {set} <= {most}"), window, pace: Some((1, most)) }
        }
        _ => comparison(dice, focus),
    }
}

fn comparison(dice: &mut Dice, focus: &Focus) -> Said {
    let (window, days) = dice.pick(&WINDOWS);
    let set = if dice.one_in(3) { dice.pick(&SETS) } else { focus.set };
    let number = match days {
        365.. => dice.pick(&[0, 1, 3, 4, 5, 12, 13, 24, 53]),
        60.. => dice.pick(&[0, 1, 1, 2, 3, 4, 6, 12]),
        _ => dice.pick(&[0, 1, 1, 2, 2, 3, 4]),
    };
    let sign = dice.pick(&[">=", ">=", ">=", ">=", "<=", "<=", "<=", ">", "<", "=", "!="]);
    let measure = match dice.below(14) {
        0 => {
            let most = dice.pick(&[10, 25, 40]);
            let text = format!("longest gap of {set} <= {most} days {window}");
            return Said { text, window: window.to_owned(), pace: Some((1, most)) };
        }
        1 => format!("distinct contact of {}", set.replace("spaced 20 days", "")),
        2 => "sum minutes of calls".to_owned(),
        3 => "average minutes of calls".to_owned(),
        _ => set.to_owned(),
    };
    let text = match dice.below(10) {
        0 => format!("{measure} between {number} and {} {window}", number + 2),
        _ => format!("{measure} {sign} {number} {window}"),
    };
    let pace = Some((number, days));
    Said { text, window: window.to_owned(), pace }
}
