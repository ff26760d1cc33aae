//! A list with a limit and no order.
//!
//! `limit 20` takes the first twenty, and without `sort by` these are the first by id: whoever
//! comes later in the alphabet is never called.

use super::place::place;
use crate::check::rules::Compiled;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::ItemKind;

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for item in &rules.items {
        let ItemKind::List(list) = &item.kind else { continue };
        let Some(limit) = list.limit.as_ref().filter(|limit| limit.count > 0) else { continue };
        if list.sort.is_none() {
            let written = format!("limit {}", limit.count);
            let span = place(&rules.sources, item, &written).unwrap_or(list.name.span);
            let message = format!("the first {} by id are an accident", limit.count);
            found.push(
                Diagnostic::warning(Code::K068, span, message)
                    .label("say `sort by FIELD` before it, so that those come who matter most"),
            );
        }
    }
    found
}
