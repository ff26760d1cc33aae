//! Random companies for the laws: small, and full of edges.

use chrono::{Days, NaiveDate};
use kadence::{Dataset, Moment, Noun, RuleSet};
use proptest::prelude::*;

/// A row as a file would hold it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) noun: Noun,
    pub(crate) cells: Vec<(String, String)>,
}

impl Row {
    fn new(noun: Noun, cells: &[(&str, &str)]) -> Self {
        let cells = cells.iter().filter(|(_, text)| !text.is_empty());
        Row { noun, cells: cells.map(|(name, text)| ((*name).into(), (*text).into())).collect() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.cells.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str())
    }

    pub(crate) fn set(&mut self, name: &str, text: &str) {
        self.cells.retain(|(n, _)| n != name);
        if !text.is_empty() {
            self.cells.push((name.into(), text.into()));
        }
    }
}

/// The middle of the time in which everything happens.
pub(crate) fn middle() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

pub(crate) fn day(offset: i64) -> String {
    let days = Days::new(offset.unsigned_abs());
    let day = if offset < 0 { middle() - days } else { middle() + days };
    day.to_string()
}

/// An as-of: a day or an instant in it.
pub(crate) fn as_of() -> impl Strategy<Value = String> {
    (-40_i64..40, prop::option::of(0_u32..24)).prop_map(|(offset, hour)| match hour {
        Some(hour) => format!("{}T{hour:02}:00", day(offset)),
        None => day(offset),
    })
}

fn some_day(range: std::ops::Range<i64>) -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 4 => range.prop_map(day)]
}

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(texts)
}

fn people() -> impl Strategy<Value = Vec<Row>> {
    let seller = (one_of(&["", "north", "east"]), some_day(-400..40), one_of(&["", "2", "5"]));
    let sellers = prop::collection::vec(seller, 3);
    let away = (-60_i64..60, 0_i64..20);
    (sellers, away).prop_map(|(sellers, (from, length))| {
        let mut rows = vec![
            Row::new(Noun::Team, &[("id", "north")]),
            Row::new(Noun::Team, &[("id", "east"), ("parent", "north")]),
        ];
        for (i, (team, started, goal)) in sellers.iter().enumerate() {
            let id = format!("s{i}");
            let cells =
                [("id", id.as_str()), ("team", team), ("started", started), ("meeting_goal", goal)];
            rows.push(Row::new(Noun::Seller, &cells));
        }
        let (from, until) = (day(from), day(from + length));
        rows.push(Row::new(Noun::Absence, &[("seller", "s0"), ("from", &from), ("until", &until)]));
        rows
    })
}

fn owners() -> impl Strategy<Value = &'static str> {
    one_of(&["", "s0", "s1", "s2"])
}

fn market() -> impl Strategy<Value = Vec<Row>> {
    let customer =
        (one_of(&["", "A", "B"]), owners(), some_day(-500..60), one_of(&["", "500", "6000000"]));
    let lead = (
        one_of(&["", "hot", "warm", "cold"]),
        one_of(&["", "open", "converted", "lost"]),
        owners(),
        some_day(-200..60),
        some_day(-60..60),
    );
    let opportunity = (
        one_of(&["", "open", "won", "lost"]),
        one_of(&["", "c0", "c1"]),
        owners(),
        some_day(-200..60),
        some_day(-60..60),
        one_of(&["", "100.5", "-3", "250000"]),
    );
    let campaign = (some_day(-100..60), 0_i64..20, one_of(&["", "much"]));
    (
        prop::collection::vec(customer, 3),
        prop::collection::vec(lead, 3),
        prop::collection::vec(opportunity, 3),
        prop::collection::vec(campaign, 2),
    )
        .prop_map(|(customers, leads, opportunities, campaigns)| {
            let mut rows = Vec::new();
            for (i, (segment, owner, created, revenue)) in customers.iter().enumerate() {
                let id = format!("c{i}");
                rows.push(Row::new(
                    Noun::Customer,
                    &[
                        ("id", id.as_str()),
                        ("segment", segment),
                        ("owner", owner),
                        ("created", created),
                        ("revenue", revenue),
                    ],
                ));
            }
            rows.push(Row::new(Noun::Contact, &[("id", "p0"), ("customer", "c0")]));
            rows.push(Row::new(Noun::Contact, &[("id", "p1")]));
            for (i, (start, length, learning)) in campaigns.iter().enumerate() {
                let id = format!("k{i}");
                let end = NaiveDate::parse_from_str(start, "%Y-%m-%d").map_or_else(
                    |_| String::new(),
                    |s| (s + Days::new(*length as u64)).to_string(),
                );
                rows.push(Row::new(
                    Noun::Campaign,
                    &[("id", id.as_str()), ("start", start), ("end", &end), ("learning", learning)],
                ));
            }
            for (i, (temperature, status, owner, created, converted)) in leads.iter().enumerate() {
                let id = format!("l{i}");
                let converted = if *status == "converted" { converted } else { "" };
                rows.push(Row::new(
                    Noun::Lead,
                    &[
                        ("id", id.as_str()),
                        ("temperature", temperature),
                        ("status", status),
                        ("owner", owner),
                        ("created", created),
                        ("converted", converted),
                        ("campaign", if i == 0 { "k0" } else { "" }),
                    ],
                ));
            }
            for (i, (status, customer, owner, created, close, amount)) in
                opportunities.iter().enumerate()
            {
                let id = format!("o{i}");
                let closed = if matches!(*status, "won" | "lost") { close } else { "" };
                rows.push(Row::new(
                    Noun::Opportunity,
                    &[
                        ("id", id.as_str()),
                        ("status", status),
                        ("customer", customer),
                        ("owner", owner),
                        ("created", created),
                        ("expected_close", close),
                        ("closed", closed),
                        ("amount", amount),
                        ("lead", if i == 0 { "l0" } else { "" }),
                    ],
                ));
            }
            rows.push(Row::new(Noun::Member, &[("campaign", "k0"), ("customer", "c0")]));
            rows.push(Row::new(Noun::Member, &[("campaign", "k0"), ("lead", "l1")]));
            rows
        })
}

fn activity() -> impl Strategy<Value = Row> {
    let kind = one_of(&["call", "visit", "meeting", "email", "offer", "task", "webinar"]);
    let status =
        one_of(&["completed", "completed", "completed", "planned", "planned", "cancelled"]);
    let about = one_of(&[
        "",
        "customer c0",
        "customer c1",
        "customer c2",
        "contact p0",
        "lead l0",
        "lead l1",
        "opportunity o0",
        "opportunity o1",
        "campaign k0",
    ]);
    let at = prop_oneof![3 => -60_i64..60, 1 => -400_i64..250];
    let created = prop::option::of(-60_i64..60);
    let follows = prop::option::of(0_usize..6);
    let text = one_of(&["", "", "agenda"]);
    (kind, status, at, 0_u32..24, about, owners(), created, follows, text).prop_map(
        |(kind, status, at, hour, about, seller, created, follows, preparation)| {
            let (field, id) = about.split_once(' ').unwrap_or(("note", ""));
            let at = format!("{}T{hour:02}:30", day(at));
            let created = created.map_or_else(String::new, |c| format!("{}T{hour:02}:15", day(c)));
            let follows = follows.map_or_else(String::new, |f| format!("a{f:02}"));
            let amount = if kind == "offer" { "1000.50" } else { "" };
            Row::new(
                Noun::Activity,
                &[
                    ("kind", kind),
                    ("status", status),
                    ("at", &at),
                    (field, id),
                    ("seller", seller),
                    ("created", &created),
                    ("follows", &follows),
                    ("preparation", preparation),
                    ("amount", amount),
                ],
            )
        },
    )
}

/// A whole company. References between activities that lead nowhere are dropped.
pub(crate) fn company() -> impl Strategy<Value = Vec<Row>> {
    let activities = prop::collection::vec(activity(), 0..25);
    (people(), market(), activities).prop_map(|(mut rows, market, activities)| {
        rows.extend(market);
        let count = activities.len();
        for (i, mut activity) in activities.into_iter().enumerate() {
            activity.set("id", &format!("a{i:02}"));
            let known = activity.get("follows").and_then(|id| id.get(1..)?.parse::<usize>().ok());
            if known.is_some_and(|other| other >= count || other == i) {
                activity.set("follows", "");
            }
            rows.push(activity);
        }
        rows
    })
}

/// What is complete from when through when, as offsets.
pub(crate) type Coverage = (Option<i64>, Option<i64>);

pub(crate) fn coverage() -> impl Strategy<Value = Coverage> {
    (prop::option::weighted(0.3, -60_i64..0), prop::option::weighted(0.3, 0_i64..60))
}

/// The rows as a dataset for some rules.
pub(crate) fn dataset(rules: &RuleSet, rows: &[Row], coverage: Coverage) -> Dataset {
    let mut builder = Dataset::builder(rules.schema());
    for row in rows {
        let cells: Vec<(&str, &str, u32)> =
            row.cells.iter().map(|(name, text)| (name.as_str(), text.as_str(), 1)).collect();
        builder.row(row.noun, &cells, "random", 1);
    }
    if let Some(from) = coverage.0 {
        builder.complete_from(day(from).parse().unwrap());
    }
    if let Some(through) = coverage.1 {
        builder.complete_through(day(through).parse().unwrap());
    }
    builder.build().unwrap().0
}

/// The instant that an as-of text means, as the rules' calendar (UTC) sees it.
pub(crate) fn instant(as_of: &str) -> chrono::DateTime<chrono::Utc> {
    let moment: Moment = as_of.parse().unwrap();
    let at = moment.resolve(chrono_tz::UTC);
    if as_of.contains('T') { at } else { at + chrono::TimeDelta::days(1) }
}
