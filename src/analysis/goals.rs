//! A goal that no rule supports.
//!
//! A goal says what is to come out. Where no rule `supports` it, nobody is asked to do anything
//! for it.

use std::collections::HashSet;

use crate::check::rules::Compiled;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::ItemKind;

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let supported: HashSet<&str> =
        rules.rules.iter().filter_map(|rule| rule.supports.as_deref()).collect();
    let goals = rules.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Goal(goal) => Some(&goal.name),
        _ => None,
    });
    let found = goals.filter(|name| !supported.contains(name.value.as_str())).map(|name| {
        let message = format!("no rule supports the goal `{}`", name.value);
        Diagnostic::warning(Code::K069, name.span, message)
            .label(format!("give a rule on what leads to it `supports {}`", name.value))
    });
    found.collect()
}
