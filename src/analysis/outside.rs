//! A rule that no test looks at while it is in force.
//!
//! Its tests all lie before its `since` or after its `until`. There it gives no verdict, so they
//! prove that it is silent and nothing of what it says.

use std::collections::HashMap;

use chrono::{Duration, NaiveDate};

use super::walk;
use crate::check::rules::{Compiled, ExpectationKind};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let mut days: HashMap<usize, Vec<NaiveDate>> = HashMap::new();
    for expectation in rules.tests.iter().flat_map(|test| &test.expectations) {
        if let ExpectationKind::Verdict { rule, .. } | ExpectationKind::Silent { rule, .. } =
            &expectation.kind
        {
            // The day that is over, or that goes on, at that instant.
            let day = rules.calendar.day_of(expectation.at - Duration::nanoseconds(1));
            days.entry(*rule).or_default().push(day);
        }
    }
    let mut found = Vec::new();
    for (at, (rule, _, modifiers)) in walk::rules(rules).enumerate() {
        let Some(days) = days.get(&at) else { continue };
        let since = rule.since.unwrap_or(NaiveDate::MIN);
        let until = rule.until.unwrap_or(NaiveDate::MAX);
        if days.iter().any(|day| since <= *day && *day <= until) {
            continue;
        }
        let span = modifiers.since.as_ref().or(modifiers.until.as_ref()).map(|date| date.span);
        let message = format!("no test looks at `{}` while it is in force", rule.id);
        found.extend(span.map(|span| {
            Diagnostic::warning(Code::K057, span, message)
                .label("add a test on a day on which it gives a verdict")
        }));
    }
    found
}
