//! An alternative that another one has already: `call | visit | call`, or `touchpoint | call`.
//!
//! It changes nothing, and whoever reads it takes it for something more.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::phrases::kinds_of_base;
use super::place::place;
use super::walk::{Part, written};
use crate::check::rules::{Base, Compiled, Condition, FieldTest, Literal, Phrase};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    written(rules, |item, part| match part {
        Part::Phrase(phrase) if phrase.bases.len() > 1 => {
            let head = head(&phrase.text);
            let names: Vec<&str> = head.split('|').map(str::trim).collect();
            let Some(span) = place(&rules.sources, item, head) else { return };
            found.extend(repeated(phrase).into_iter().filter_map(|at| {
                let message = format!("`{}` is one of the others already", names.get(at)?);
                Some(Diagnostic::warning(Code::K063, span, message).label("it adds nothing here"))
            }));
        }
        Part::Condition(Condition::Field { test: FieldTest::OneOf(values), path }) => {
            let mut seen = HashSet::new();
            let twice = values.iter().filter(|value| !seen.insert(*value));
            found.extend(twice.filter_map(|value| {
                let span = place(&rules.sources, item, &format!("{} in", path.text))
                    .or_else(|| place(&rules.sources, item, &format!("{} not in", path.text)))?;
                let message = format!("`{}` is in the list twice", shown(value));
                Some(Diagnostic::warning(Code::K063, span, message).label("once is enough"))
            }));
        }
        _ => {}
    });
    found
}

/// The alternatives of a phrase, without what narrows them.
fn head(text: &str) -> &str {
    let ends = [" on ", " where ", " dated ", " spaced "];
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// The places of the alternatives without which the phrase would be the same; of two that are the
/// same, the later.
fn repeated(phrase: &Phrase) -> BTreeSet<usize> {
    let kinds: Vec<_> = phrase.bases.iter().map(kinds_of_base).collect();
    let mut given: HashMap<&str, usize> = HashMap::new();
    for kind in kinds.iter().flatten().flatten() {
        *given.entry(kind).or_default() += 1;
    }
    let mut found = BTreeSet::new();
    for (at, kinds) in kinds.iter().enumerate().rev() {
        let Some(kinds) = kinds else { continue };
        if kinds.iter().all(|kind| given.get(kind).is_some_and(|count| *count > 1)) {
            found.insert(at);
            for kind in kinds {
                given.entry(kind).and_modify(|count| *count -= 1);
            }
        }
    }
    let mut seen: HashSet<&Base> = HashSet::new();
    let again = phrase.bases.iter().enumerate().filter(|(_, base)| !seen.insert(*base));
    found.extend(again.map(|(at, _)| at));
    found
}

fn shown(value: &Literal) -> String {
    match value {
        Literal::Text(text) => text.clone(),
        Literal::Number(number) => number.normalize().to_string(),
        Literal::Date(day) => day.to_string(),
        Literal::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
    }
}
