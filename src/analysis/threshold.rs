//! A threshold that no calendar allows: `longest gap of calls >= 400 days per year`.
//!
//! What is measured has bounds of its own: a share is at most 100%, a gap no longer than its
//! window, a field has so many values. A comparison that holds for all of them, or for none, asks
//! for nothing.

use rust_decimal::Decimal;

use super::figures::{Bounds, decided};
use super::place::place;
use super::spans::{Lengths, Spans};
use super::walk::{Part, written};
use crate::check::rules::{Base, Compiled, Condition, Function, Measure, Path, Phrase, Window};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{FieldType, Noun};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let spans = Spans::new(&rules.calendar);
    let mut found = Vec::new();
    written(rules, |item, part| {
        let Part::Condition(Condition::Compare(comparison)) = part else { return };
        let lengths = spans.lengths(&comparison.window);
        let Some((bounds, why)) = bounds(&comparison.left, &comparison.window, lengths, rules)
        else {
            return;
        };
        let Some(holds) = decided(&comparison.test, bounds) else { return };
        let Some(span) = place(&rules.sources, item, &comparison.text) else { return };
        let verb = if holds { "always holds" } else { "never holds" };
        let message = format!("`{}` {verb}", comparison.text);
        found.push(Diagnostic::warning(Code::K060, span, message).label(why));
    });
    found
}

/// What a measure can come to over a window of so many days, and why.
fn bounds(
    measure: &Measure,
    window: &Window,
    lengths: Option<Lengths>,
    rules: &Compiled,
) -> Option<(Bounds, String)> {
    let from = |least: i64, most: Option<i64>| Bounds {
        least: Some(Decimal::from(least)),
        most: most.map(Decimal::from),
    };
    match measure {
        Measure::Share { .. } => {
            Some((from(0, Some(100)), "a share is between 0% and 100%".to_owned()))
        }
        Measure::LongestGap(_) => {
            let Lengths { least, most } = lengths?;
            let gaps = match most {
                1 => "so it has no gap".to_owned(),
                2 => "so its gaps are of 1 day".to_owned(),
                _ => format!("so its gaps are of 1 to {} days", most - 1),
            };
            let days = if most == 1 { "day" } else { "days" };
            let why = format!("this window has {most} {days}, {gaps}");
            Some((from(i64::from(least > 1), Some(most - 1)), why))
        }
        Measure::DaysSince(of) => {
            let Window::Last(_) = window else { return None };
            let most = lengths?.most - 1;
            let why =
                format!("the latest of `{}` in this window is at most {most} days ago", of.text);
            Some((from(0, Some(most)), why))
        }
        Measure::Aggregate { function: Function::Distinct, field, of } => {
            let (most, why) = values(field, of, rules)?;
            Some((from(0, Some(most)), why))
        }
        _ => None,
    }
}

/// How many different values a field can have among some things.
fn values(field: &Path, of: &Phrase, rules: &Compiled) -> Option<(i64, String)> {
    let last = rules.schema.definition(*field.steps.last()?)?;
    let is_kind = of.noun == Noun::Activity && field.steps.len() == 1 && last.name == "kind";
    let most = match last.kind {
        FieldType::YesNo => 2,
        FieldType::OneOf(values) => values.len(),
        _ if is_kind => kinds(of, rules.schema.kinds().len()),
        _ => return None,
    };
    let most = i64::try_from(most).ok()?;
    let values = if most == 1 { "value" } else { "values" };
    let of = &of.text;
    Some((most, format!("`{}` has at most {most} {values} among `{of}`", field.text)))
}

/// How many kinds of activities a phrase names, at the most.
fn kinds(phrase: &Phrase, all: usize) -> usize {
    let named = phrase.bases.iter().map(|base| match base {
        Base::Kind(_) => 1,
        Base::Phrase(inner) => kinds(inner, all),
        Base::All | Base::Segment(_) => all,
    });
    named.fold(0_usize, usize::saturating_add).min(all)
}
