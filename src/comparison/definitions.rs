//! What differs in the words on which rules are built.

use std::collections::{BTreeMap, BTreeSet};

use super::report::DefinitionDifference;
use crate::check::rules::Compiled;
use crate::syntax::tree::{Item, ItemKind};

/// Everything that is declared or defined, in its one spelling, by what it is and by name.
type Definitions = BTreeMap<(&'static str, String), String>;

pub(super) fn differences(old: &Compiled, new: &Compiled) -> Vec<DefinitionDifference> {
    let (mut of_old, mut of_new) = (definitions(&old.items), definitions(&new.items));
    let calendar = ("calendar", String::new());
    // Holidays come from other files too.
    let same_words = of_old.get(&calendar) == of_new.get(&calendar);
    let other_days = same_words && old.calendar != new.calendar;
    let names = of_old.keys().chain(of_new.keys()).chain([&calendar]);
    let mut found: Vec<DefinitionDifference> = Vec::new();
    for key in names.cloned().collect::<BTreeSet<_>>() {
        let (old, new) = (of_old.remove(&key), of_new.remove(&key));
        if old != new || (other_days && key == calendar) {
            let (kind, name) = key;
            found.push(DefinitionDifference { kind: kind.to_owned(), name, old, new });
        }
    }
    found
}

fn definitions(items: &[Item]) -> Definitions {
    let mut found = Definitions::new();
    for item in items {
        let key = match &item.kind {
            ItemKind::Calendar(_) => ("calendar", String::new()),
            ItemKind::Activity(name) => ("activity", name.value.clone()),
            ItemKind::Field { noun, name, .. } => {
                ("field", format!("{}.{}", noun.value, name.value))
            }
            ItemKind::Define { names, .. } => {
                let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
                ("define", names.join(", "))
            }
            ItemKind::Segment { name, .. } => ("segment", name.value.clone()),
            ItemKind::Use(_)
            | ItemKind::Rule(_)
            | ItemKind::List(_)
            | ItemKind::Goal(_)
            | ItemKind::Test(_) => continue,
        };
        found.insert(key, item.to_string());
    }
    found
}
