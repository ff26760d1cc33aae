//! A rule that does not say why.
//!
//! Whoever is judged by a rule asks what it is for, and whoever inherits it, whether it may go. A
//! rule without `because` answers neither.

use crate::check::rules::Compiled;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let is_silent = |because: &Option<String>| because.as_deref().unwrap_or("").trim().is_empty();
    let silent = rules.rules.iter().filter(|rule| is_silent(&rule.because));
    let found = silent.map(|rule| {
        let message = format!("`{}` does not say why", rule.id);
        Diagnostic::warning(Code::K054, rule.span, message).label("add `because \"…\"`")
    });
    found.collect()
}
