//! A modifier that changes nothing, or everything.
//!
//! `grace` for subjects that have no beginning, or that ends before anything can be missed; `warn`
//! where time alone never leads to a miss, or that warns from the first day on. The rule reads as
//! if it were milder, or more watchful, than it is.

use super::phrases::{is_plain, kinds};
use super::walk;
use crate::check::rules::{
    Class, Cmp, Compiled, Condition, FieldTest, Measure, NumberTest, Path, Rule, Window,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Noun;
use crate::model::calendar::Duration;

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (rule, _, modifiers) in walk::rules(rules) {
        if let Some(grace) = &modifiers.grace
            && let Some(why) = useless_grace(rule, grace.value)
        {
            let message = format!("`grace {}` changes nothing", grace.value);
            found.push(Diagnostic::warning(Code::K056, grace.span, message).label(why));
        }
        if let Some(warn) = &modifiers.warn {
            if let Some(why) = useless_warning(&rule.condition) {
                let message = format!("`warn {}` changes nothing", warn.value);
                found.push(Diagnostic::warning(Code::K056, warn.span, message).label(why));
            } else if let Some(why) = endless_warning(&rule.condition, warn.value) {
                let message = format!("`warn {}` warns from the first day on", warn.value);
                found.push(Diagnostic::warning(Code::K056, warn.span, message).label(why));
            }
        }
    }
    found
}

/// The field that says since when a thing of the noun has been there.
fn beginning(noun: Noun) -> Option<&'static str> {
    match noun {
        Noun::Seller => Some("started"),
        Noun::Campaign => Some("start"),
        Noun::Customer | Noun::Lead | Noun::Opportunity | Noun::Activity => Some("created"),
        Noun::Company | Noun::Team | Noun::Contact | Noun::Absence | Noun::Member => None,
    }
}

fn useless_grace(rule: &Rule, grace: Duration) -> Option<String> {
    let noun = rule.subject.noun;
    let Some(beginning) = beginning(noun) else {
        let things = noun.table();
        return Some(format!("{things} have no day from which they could be young"));
    };
    let (Condition::Within { within, before: false, of, .. }
    | Condition::KnownWithin { within, of, .. }) = &rule.condition
    else {
        return None;
    };
    let is_over = is_field(of, beginning) && at_most(grace, *within)?;
    is_over.then(|| format!("nothing is missed before {within} have gone"))
}

/// Why no subject of a condition comes to be missed by what is planned and the passing of time.
fn useless_warning(condition: &Condition) -> Option<&'static str> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            let whys: Option<Vec<_>> = parts.iter().map(useless_warning).collect();
            whys?.first().copied()
        }
        Condition::Not(inner) => useless_warning(inner),
        Condition::Field { path, test } if lasts(path) => match test {
            FieldTest::Date(..) | FieldTest::In(_) => None,
            _ => Some("a field does not change by itself"),
        },
        Condition::Compare(comparison) => {
            let is_cap = matches!(
                comparison.test,
                NumberTest::Is(Cmp::AtMost | Cmp::Less, Measure::Number(_))
            );
            match &comparison.left {
                Measure::Field(path) => match &comparison.test {
                    NumberTest::Is(_, Measure::Number(_)) if lasts(path) => {
                        Some("a field does not change by itself")
                    }
                    _ => None,
                },
                Measure::Count(of)
                    if is_cap
                        && matches!(comparison.window, Window::Per(_))
                        && Class::of(&comparison.left) == Class::Count
                        && is_plain(of)
                        && kinds(of).is_some() =>
                {
                    Some("what is planned beyond it is at risk already")
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a field of the subject itself means the same on every day: what has a status may have
/// had another.
fn lasts(path: &Path) -> bool {
    let changing = ["status", "closed", "converted"];
    path.steps.len() == 1 && !changing.contains(&path.text.as_str())
}

/// Why a warning is given from the first day on.
fn endless_warning(condition: &Condition, warn: Duration) -> Option<String> {
    match condition {
        Condition::Every { every, .. } if !at_most(warn, *every)? => {
            Some(format!("unless one is planned: the cadence is {every}"))
        }
        Condition::Followed { within, .. }
        | Condition::Within { within, before: false, .. }
        | Condition::KnownWithin { within, .. }
            if at_most(*within, warn)? =>
        {
            Some(format!("unless one is planned: the whole deadline is {within}"))
        }
        _ => None,
    }
}

fn is_field(path: &Path, name: &str) -> bool {
    path.steps.len() == 1 && path.text == name
}

/// Whether one duration is never longer than another; none where that is not known.
fn at_most(a: Duration, b: Duration) -> Option<bool> {
    match (a.fixed_days(), b.fixed_days()) {
        (Some(a), Some(b)) => Some(a <= b),
        _ if a.unit == b.unit => Some(a.amount <= b.amount),
        _ => None,
    }
}
