//! Histories that come near to what rules ask: as many activities in each of their windows, or one
//! more or less here and there.

use std::fmt;

use chrono::NaiveDate;
use kadence::{Dataset, Noun, RuleSet, Schema};

use super::dice::{Dice, plus};
use super::rules::Written;
use super::{BEFORE, DAYS};

/// The subjects; the last one has come in the middle.
const SUBJECTS: [&str; 4] = ["s0", "s1", "s2", "new"];

/// Whether a subject has been there all the time.
pub(crate) fn is_old(subject: &str) -> bool {
    subject != "new"
}

type Row = (Noun, Vec<(&'static str, String)>);

pub(crate) struct History {
    pub(crate) first: NaiveDate,
    rows: Vec<Row>,
}

impl History {
    pub(crate) fn random(dice: &mut Dice, rules: &RuleSet, written: &[Written]) -> History {
        let year = dice.pick(&[2023, 2024, 2025]);
        let start = rules.compiled().calendar.year_start;
        let first = NaiveDate::from_ymd_opt(year, start.0, start.1).unwrap();
        let noun = rules.rules().next().map(|rule| rule.subject);
        let noun = if noun.as_deref() == Some("lead") { Noun::Lead } else { Noun::Customer };
        let mut rows: Vec<Row> = Vec::new();
        for contact in ["c0", "c1", "c2"] {
            rows.push((Noun::Contact, vec![("id", contact.to_owned())]));
        }
        for subject in SUBJECTS {
            let row =
                if noun == Noun::Lead { lead(dice, subject) } else { customer(dice, subject) };
            let mut row = row;
            let age = if is_old(subject) { -3000 } else { dice.between(10, 500) };
            row.push(("created", plus(first, age).to_string()));
            row.retain(|(_, text)| !text.is_empty());
            rows.push((noun, row));
            activities(dice, first, written, (noun, subject), &mut rows);
        }
        History { first, rows }
    }

    pub(crate) fn dataset(&self, schema: &Schema) -> Dataset {
        let mut builder = Dataset::builder(schema);
        for (line, (noun, cells)) in (1..).zip(&self.rows) {
            let cells: Vec<(&str, &str, u32)> =
                cells.iter().map(|(name, text)| (*name, text.as_str(), 1)).collect();
            builder.row(*noun, &cells, "history", line);
        }
        builder.build().unwrap_or_else(|problems| panic!("{problems}\n{self}")).0
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "from {}", self.first)?;
        for (noun, cells) in &self.rows {
            let cells: Vec<String> =
                cells.iter().map(|(name, text)| format!("{name} {text}")).collect();
            writeln!(f, "{noun}: {}", cells.join(", "))?;
        }
        Ok(())
    }
}

fn customer(dice: &mut Dice, id: &str) -> Vec<(&'static str, String)> {
    vec![
        ("id", id.to_owned()),
        ("segment", dice.pick(&["A", "A", "B", ""]).to_owned()),
        ("revenue", dice.pick(&["50", "100", "200", "350", "500", "900", ""]).to_owned()),
        ("country", dice.pick(&["dk", "se", "no", ""]).to_owned()),
    ]
}

fn lead(dice: &mut Dice, id: &str) -> Vec<(&'static str, String)> {
    vec![
        ("id", id.to_owned()),
        ("status", dice.pick(&["open", "open", "open", "lost", "converted", ""]).to_owned()),
        ("temperature", dice.pick(&["hot", "hot", "warm", "cold", ""]).to_owned()),
        ("source", dice.pick(&["web", "fair", ""]).to_owned()),
    ]
}

/// As many in every stretch of days as some rule speaks of, most times; evenly, or on any days.
fn activities(
    dice: &mut Dice,
    first: NaiveDate,
    written: &[Written],
    (noun, subject): (Noun, &str),
    rows: &mut Vec<Row>,
) {
    let paces: Vec<(u32, u32)> = written.iter().filter_map(|rule| rule.pace).collect();
    let (count, days) = if paces.is_empty() { (1, 30) } else { dice.pick(&paces) };
    let count = i64::from(count) + dice.pick(&[0, 0, 0, 1, -1]);
    let is_even = dice.one_in(2);
    let errs = dice.pick(&[1000, 1000, 20]);
    let kinds: &[&str] =
        dice.pick(&[&["call"][..], &["call"], &["call", "visit"], &["visit", "email", "offer"]]);
    let mut start = -(BEFORE as i64) - dice.between(0, i64::from(days));
    while start < DAYS + 40 {
        let count = if dice.one_in(errs) { dice.between(0, 3) } else { count }.clamp(0, 60);
        for n in 0..count {
            let length = i64::from(days);
            let at = if is_even {
                length * (2 * n + 1) / (2 * count)
            } else {
                dice.between(0, length - 1)
            };
            rows.push((
                Noun::Activity,
                vec![
                    ("id", format!("a{}", rows.len())),
                    ("kind", dice.pick(kinds).to_owned()),
                    (
                        "status",
                        dice.pick(&["completed", "completed", "completed", "planned"]).to_owned(),
                    ),
                    ("at", format!("{}T12:00", plus(first, start + at))),
                    (noun.singular(), subject.to_owned()),
                    ("minutes", dice.pick(&["5", "10", "30"]).to_owned()),
                    ("contact", dice.pick(&["c0", "c1", "c2"]).to_owned()),
                ],
            ));
        }
        start += i64::from(days);
    }
}
