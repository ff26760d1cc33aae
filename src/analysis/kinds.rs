//! An activity kind that is declared and that no rule, list or goal looks at.
//!
//! What people write down under it counts for nothing, and a rule that was to count it does not.
//! Where activities of any kind are looked at, this one is too.

use std::collections::HashSet;

use super::phrases::texts;
use super::walk::{Part, looked_at};
use crate::check::rules::{Base, Compiled, Condition};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Noun;
use crate::syntax::tree::ItemKind;

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    if rules.rules.is_empty() && rules.lists.is_empty() && rules.goals.is_empty() {
        return Vec::new();
    }
    let mut kinds: HashSet<&str> = HashSet::new();
    let mut any = false;
    looked_at(rules, |part| match part {
        Part::Phrase(phrase) if phrase.noun == Noun::Activity => {
            for base in &phrase.bases {
                match base {
                    Base::Kind(kind) => {
                        kinds.insert(kind);
                    }
                    Base::All => any = true,
                    Base::Segment(_) | Base::Phrase(_) => {}
                }
            }
        }
        Part::Condition(Condition::Field { test, .. }) => kinds.extend(texts(test)),
        _ => {}
    });
    if any {
        return Vec::new();
    }
    let declared = rules.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Activity(kind) => Some(kind),
        _ => None,
    });
    let unseen = declared.filter(|kind| !kinds.contains(kind.value.as_str()));
    let found = unseen.map(|kind| {
        let message = format!("no rule looks at `{}`", kind.value);
        Diagnostic::warning(Code::K052, kind.span, message)
            .label("what is done under it counts for nothing")
    });
    found.collect()
}
