//! A name that is never used: a definition or segment that no rule, list or goal is built on.
//!
//! It is read by everybody who wants to understand the rules, and means nothing to them. Lists and
//! goals are read by people, so they are never unused. Nor is a segment that divides customers
//! together with one that is used: without it the division would have a gap. A file that has names
//! alone is there for others, of which nothing is known here.

use std::collections::HashSet;

use super::gap::is_division;
use super::phrases::texts;
use super::walk::{Part, looked_at};
use crate::check::rules::{Base, Compiled, Condition, Segment};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::tree::{Given, ItemKind};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    if rules.rules.is_empty() && rules.lists.is_empty() && rules.goals.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let in_tests = names_in_tests(rules);
    for define in &rules.defines {
        if !define.used && !in_tests.contains(define.name.as_str()) {
            found.push(unused(define.span, &define.name));
        }
    }
    let used = segments_looked_at(rules);
    let is_used = |segment: &Segment| used.contains(segment.name.as_str());
    if is_division(rules) && rules.segments.iter().any(is_used) {
        return found;
    }
    for item in &rules.items {
        if let ItemKind::Segment { name, .. } = &item.kind
            && !used.contains(name.value.as_str())
        {
            found.push(unused(name.span, &name.value));
        }
    }
    found
}

fn unused(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` is never used");
    Diagnostic::warning(Code::K051, span, message).label("no rule, list or goal is built on it")
}

/// The names that rules, lists and goals know segments by, and the values that they ask the field
/// `segment` for.
fn segments_looked_at(rules: &Compiled) -> HashSet<&str> {
    let mut used = HashSet::new();
    looked_at(rules, |part| match part {
        Part::Phrase(phrase) => {
            used.extend(phrase.bases.iter().filter_map(|base| match base {
                Base::Segment(name) => Some(name.as_str()),
                _ => None,
            }));
        }
        Part::Condition(Condition::Field { test, .. }) => used.extend(texts(test)),
        Part::Condition(_) => {}
    });
    used
}

/// The words before the ids of what tests are given: `kunde acme` names `kunde`.
fn names_in_tests(rules: &Compiled) -> HashSet<&str> {
    let tests = rules.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Test(test) => Some(test),
        _ => None,
    });
    let mut names = HashSet::new();
    for given in tests.flat_map(|test| &test.givens) {
        let (Given::Thing { words, .. } | Given::Activity { words, .. }) = &given.value;
        let text = words.value.as_str();
        names.insert(text);
        names.extend(text.rsplit_once(' ').map(|(before, _)| before));
        names.extend(text.match_indices(' ').filter_map(|(at, _)| text.get(at + 1..)));
    }
    names
}
