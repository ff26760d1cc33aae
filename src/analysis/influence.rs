//! A result asked of a seller or team, and no effort that leads to it.
//!
//! Won deals and their sums depend on customers, prices and luck too. Who is to answer for them is
//! told what to do as well: by a rule about activities that `supports` the same goal.

use std::collections::HashSet;

use super::phrases::has_status;
use crate::check::rules::{Cmp, Compiled, Condition, Function, Measure, NumberTest, Phrase, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Noun;

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let effort = rules.rules.iter().filter(|rule| asks_effort(&rule.condition));
    let led_to: HashSet<&str> = effort.filter_map(|rule| rule.supports.as_deref()).collect();
    let of_people = |rule: &&Rule| matches!(rule.subject.noun, Noun::Seller | Noun::Team);
    let mut found = Vec::new();
    for rule in rules.rules.iter().filter(of_people) {
        let Some(result) = result(&rule.condition) else { continue };
        let goal = rule.supports.as_deref();
        if goal.is_some_and(|goal| led_to.contains(goal)) {
            continue;
        }
        let noun = rule.subject.noun;
        let message = format!("`{}` asks a {noun} for `{}`, a result", rule.id, result.text);
        let help = match goal {
            Some(goal) => format!("no rule about activities `supports {goal}`: add one"),
            None => "let it support a goal, and add a rule about activities that supports it too"
                .to_owned(),
        };
        found.push(
            Diagnostic::warning(Code::K067, rule.span, message)
                .label(format!("no {noun} decides it alone"))
                .help(help),
        );
    }
    found
}

/// The results that a condition asks for at least so many, or so much, of.
fn result(condition: &Condition) -> Option<&Phrase> {
    match condition {
        Condition::And(parts) => parts.iter().find_map(result),
        Condition::Compare(comparison) => {
            let asks_more = match &comparison.test {
                NumberTest::Is(cmp, _) => matches!(cmp, Cmp::AtLeast | Cmp::More | Cmp::Equal),
                NumberTest::Between(..) => true,
            };
            match &comparison.left {
                Measure::Count(of) | Measure::Aggregate { function: Function::Sum, of, .. }
                    if asks_more && is_result(of) =>
                {
                    Some(of)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_result(phrase: &Phrase) -> bool {
    match phrase.noun {
        Noun::Opportunity => has_status(phrase, &["won"]),
        Noun::Lead => has_status(phrase, &["converted"]),
        _ => false,
    }
}

/// Whether a condition asks for activities.
fn asks_effort(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(asks_effort),
        Condition::Next { .. }
        | Condition::Followed { .. }
        | Condition::Within { .. }
        | Condition::Every { .. } => true,
        Condition::Compare(comparison) => is_effort(&comparison.left),
        _ => false,
    }
}

fn is_effort(measure: &Measure) -> bool {
    match measure {
        Measure::Count(of) | Measure::Aggregate { of, .. } => of.noun == Noun::Activity,
        Measure::LongestGap(_) | Measure::DaysSince(_) => true,
        Measure::Share { of, that } => of.noun == Noun::Activity || asks_effort(that),
        Measure::Sum(parts) | Measure::Product(parts) => {
            parts.iter().any(|(_, part)| is_effort(part))
        }
        Measure::Negative(_) | Measure::Number(_) | Measure::Field(_) => false,
    }
}
