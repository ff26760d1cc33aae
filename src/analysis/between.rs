//! A range with its ends exchanged: `between 8 and 4` is nothing.

use super::figures::{number, short};
use super::place::place;
use super::walk::{Part, written};
use crate::check::rules::{Compiled, Condition, NumberTest};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    written(rules, |item, part| {
        let Part::Condition(Condition::Compare(comparison)) = part else { return };
        let NumberTest::Between(low, high) = &comparison.test else { return };
        let (Some(low), Some(high)) = (number(low), number(high)) else { return };
        let span = place(&rules.sources, item, &comparison.text);
        if let Some(span) = span.filter(|_| low > high) {
            let message = format!("nothing is between {} and {}", short(low), short(high));
            found.push(
                Diagnostic::warning(Code::K059, span, message).label("the lower end comes first"),
            );
        }
    });
    found
}
