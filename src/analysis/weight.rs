//! A rule of no weight.
//!
//! `weight 0` keeps the rule's verdicts out of every score: it is judged, reported and of no
//! consequence. Who means to be told only says `severity info`.

use super::walk;
use crate::check::rules::Compiled;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let weightless = walk::rules(rules).filter(|(rule, ..)| rule.weight.is_zero());
    let found = weightless.filter_map(|(rule, _, modifiers)| {
        let message = format!("`{}` counts in no score", rule.id);
        let weight = modifiers.weight.as_ref()?;
        Some(
            Diagnostic::warning(Code::K055, weight.span, message)
                .label("give it a weight, or leave it out and say `severity info`"),
        )
    });
    found.collect()
}
