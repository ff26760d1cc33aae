//! A list that lists nothing: `limit 0`.

use super::place::place;
use crate::check::rules::Compiled;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::ItemKind;

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for item in &rules.items {
        let ItemKind::List(list) = &item.kind else { continue };
        if list.limit.as_ref().is_some_and(|limit| limit.count == 0) {
            let span = place(&rules.sources, item, "limit 0").unwrap_or(list.name.span);
            let message = format!("the list \"{}\" never lists anything", list.name.value);
            found.push(
                Diagnostic::warning(Code::K065, span, message)
                    .label("give it a limit of 1 or more, or none"),
            );
        }
    }
    found
}
