//! A cadence and a count that clash: `call every 30 days` and `calls <= 6 per year`, asked of the
//! same subjects.
//!
//! Who keeps the cadence makes at least so many in a period, and who keeps to the count cannot.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::figures::number;
use super::phrases::kinds;
use super::place::place;
use super::spans::Spans;
use super::walk;
use crate::check::rules::{
    Cmp, Comparison, Compiled, Condition, Measure, NumberTest, Phrase, Rule, Window,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::calendar::Duration;
use crate::syntax::tree::Item;

/// How many cadences each count is held against.
const MOST_COMPARED: usize = 100;

/// `CALLS every DURATION`, as a part of what a rule asks.
struct Cadence<'a> {
    rule: &'a Rule,
    kinds: BTreeSet<&'a str>,
    every: Duration,
    /// The most days that it can have.
    days: i64,
    text: &'a str,
}

/// `CALLS <= N WINDOW`, as a part of what a rule asks.
struct Count<'a> {
    rule: &'a Rule,
    item: &'a Item,
    kinds: BTreeSet<&'a str>,
    most: Decimal,
    comparison: &'a Comparison,
}

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let spans = Spans::new(&rules.calendar);
    let mut cadences: HashMap<Population<'_>, Vec<Cadence<'_>>> = HashMap::new();
    let mut counts = Vec::new();
    for (rule, item, _) in walk::rules(rules) {
        for part in parts(&rule.condition) {
            match part {
                Condition::Every { phrase, every } => {
                    let made = kinds(phrase).zip(spans.longest(*every));
                    let cadence = made.map(|(kinds, days)| {
                        let text = phrase.text.as_str();
                        Cadence { rule, kinds, every: *every, days, text }
                    });
                    cadences.entry(Population::of(rule)).or_default().extend(cadence);
                }
                Condition::Compare(comparison) => {
                    counts.extend(at_most(comparison).map(|(phrase, most)| {
                        let kinds = kinds(phrase)?;
                        Some(Count { rule, item, kinds, most, comparison })
                    }));
                }
                _ => {}
            }
        }
    }
    let clashing = counts.iter().flatten().filter_map(|count| {
        let lengths = spans.lengths(&count.comparison.window)?;
        let cadences = cadences.get(&Population::of(count.rule))?;
        cadences.iter().take(MOST_COMPARED).find_map(|cadence| {
            let least = (lengths.least - 1) / cadence.days.max(1);
            let clashes = cadence.days > 0
                && Decimal::from(least) > count.most
                && cadence.kinds.is_subset(&count.kinds)
                && together(cadence.rule, count.rule);
            clashes.then(|| clash(rules, count, cadence, least)).flatten()
        })
    });
    clashing.collect()
}

fn clash(
    rules: &Compiled,
    count: &Count<'_>,
    cadence: &Cadence<'_>,
    least: i64,
) -> Option<Diagnostic> {
    let span = place(&rules.sources, count.item, &count.comparison.text)?;
    let cadence_text = format!("{} every {}", cadence.text, cadence.every);
    let message = format!("`{}` clashes with `{cadence_text}`", count.comparison.text);
    let found = Diagnostic::warning(Code::K062, span, message)
        .label(format!("the cadence alone takes {least} or more"));
    let is_other = !std::ptr::eq(cadence.rule, count.rule);
    Some(if is_other {
        found.note_at(cadence.rule.span, "asked of the same subjects here")
    } else {
        found
    })
}

/// Whose duty something is: the same for two rules only where nothing tells them apart.
#[derive(PartialEq, Eq, Hash)]
struct Population<'a> {
    subject: &'a Phrase,
    unless: Option<&'a Condition>,
}

impl<'a> Population<'a> {
    fn of(rule: &'a Rule) -> Self {
        Population { subject: &rule.subject, unless: rule.unless.as_ref() }
    }
}

/// Whether two rules are in force on some day.
fn together(a: &Rule, b: &Rule) -> bool {
    let first = a.since.max(b.since).unwrap_or(NaiveDate::MIN);
    let last = |rule: &Rule| rule.until.unwrap_or(NaiveDate::MAX);
    first <= last(a).min(last(b))
}

/// What a condition asks for all at once.
fn parts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::And(all) => all.iter().flat_map(parts).collect(),
        other => vec![other],
    }
}

/// The phrase and number of `calls <= 6`, in a period.
fn at_most(comparison: &Comparison) -> Option<(&Phrase, Decimal)> {
    let (Measure::Count(phrase), Window::Per(_)) = (&comparison.left, &comparison.window) else {
        return None;
    };
    let most = match &comparison.test {
        NumberTest::Is(Cmp::AtMost | Cmp::Equal, most) | NumberTest::Between(_, most) => {
            number(most)?
        }
        NumberTest::Is(Cmp::Less, above) => number(above)?.ceil() - Decimal::ONE,
        NumberTest::Is(..) => return None,
    };
    Some((phrase, most))
}
