//! Companies to make pages of: of every size, and with names that nobody would expect.

use kadence::overview::{Overview, Past};
use kadence::worklist::{Ask, WhatToDo, Worklists};
use kadence::{
    Activity, ActivityStatus, AsOf, Customer, Dataset, Language, Moment, NoFiles, Options, RuleSet,
    Seller, Team,
};

/// Rules of each form that a page draws differently.
pub(crate) const RULES: &str = r#"
customer: touchpoints >= 2 per quarter
    as      contact
    because "Who hears nothing buys elsewhere"
    weight  2

customer: call | visit every 60 days
    as   cadence
    warn 14 days

meeting: followed by activity within 7 days
    as       progress
    severity critical

seller: meetings >= 4 per month
    as own-meetings

seller: share of meetings that are followed by activity within 7 days >= 60% in last 90 days
    as own-progress

goal busy = meetings >= 1000 per year
"#;

/// Of how many sellers, and how many customers each has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) sellers: usize,
    pub(crate) customers: usize,
}

/// Names that are no names.
pub(crate) const STRANGE: [&str; 8] = [
    "<script>document.title='broken'</script>",
    "</script><img src=x onerror=\"document.title='broken'\">",
    "שלום עולם ומסחר בע״מ",
    "شركة المثال للتجارة",
    "=HYPERLINK(\"http://example.test\",\"x\")",
    "A & B \"C\" 'D' | `E` *F* [G](H) \\ <!-- I",
    "日本語株式会社",
    "\u{202E}gnorw\u{202C}",
];

/// A company of made-up sellers, customers and a year of activities, always the same.
pub(crate) fn company(size: Size, name: impl Fn(usize) -> Option<String>) -> (RuleSet, Dataset) {
    let rules = RuleSet::compile("made.kpi", RULES, &NoFiles).unwrap();
    let mut data = Dataset::builder(rules.schema());
    let teams = size.sellers.div_ceil(12);
    data.add(Team { name: Some("All".into()), ..Team::new("t-all") });
    for team in 0..teams {
        let parent = Some("t-all".into());
        data.add(Team { parent, name: name(team), ..Team::new(format!("t{team:03}")) });
    }
    let mut n = 0;
    for seller in 0..size.sellers {
        let id = format!("s{seller:04}");
        let team = Some(format!("t{:03}", seller / 12));
        data.add(Seller { name: name(seller), team, ..Seller::new(id.clone()) });
        for customer in 0..size.customers {
            let of = format!("c{seller:04}-{customer:03}");
            data.add(Customer {
                name: name(seller + customer),
                owner: Some(id.clone()),
                created: "2024-01-01".parse().ok(),
                ..Customer::new(of.clone())
            });
            for act in 0..(seller + customer * 3) % 5 {
                let kinds = ["call", "meeting", "visit", "email"];
                let kind = kinds[(customer + act) % kinds.len()];
                let month = (customer + act * 3 + seller) % 12 + 1;
                let day = (customer * 7 + act) % 28 + 1;
                let at: Moment = format!("2026-{month:02}-{day:02}T10:00").parse().unwrap();
                let is_past = month < 11 || month == 11 && day <= 15;
                let status =
                    if is_past { ActivityStatus::Completed } else { ActivityStatus::Planned };
                data.add(Activity {
                    seller: Some(id.clone()),
                    customer: Some(of.clone()),
                    ..Activity::new(format!("a{n}"), kind, status, at)
                });
                n += 1;
            }
        }
    }
    (rules, data.build().unwrap().0)
}

/// What everybody is to do as of 15 November 2026.
pub(crate) fn tasks((rules, data): &(RuleSet, Dataset), language: Language) -> WhatToDo {
    let options = Options { language, ..Options::at("2026-11-15".parse::<AsOf>().unwrap()) };
    let lists = Worklists::new(rules, data, &options).unwrap();
    lists.what_to_do(&Ask { limit: Some(20), ..Ask::default() }).unwrap()
}

/// The overview of a company as of 15 November 2026.
pub(crate) fn overview((rules, data): &(RuleSet, Dataset), language: Language) -> Overview {
    let options = Options { language, ..Options::at("2026-11-15".parse::<AsOf>().unwrap()) };
    Overview::new(rules, data, &options, &Past::Judged, 14).unwrap()
}

pub(crate) fn plain(n: usize) -> Option<String> {
    Some(format!("Name {n}"))
}

/// Strange names, some without end, some missing.
pub(crate) fn strange(n: usize) -> Option<String> {
    match n % 10 {
        8 => Some("Donaudampfschifffahrtsgesellschaft ".repeat(15).chars().take(500).collect()),
        9 => None,
        n => Some(STRANGE[n].to_owned()),
    }
}
