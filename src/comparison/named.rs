//! Which lists and goals of two rule sets belong together, and in what they differ.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::report::{Change, ItemDifference, NamedText};
use crate::analysis::logic::bare::{Bare, There};
use crate::check::rules::{Assumption, Compiled, Condition, Goal, List, Path, Per, Phrase};
use crate::syntax::tree::ItemKind;

/// What means the same is equal.
type ListMeaning = (Arc<Phrase>, Option<(Path, bool)>, Option<(u32, Option<Per>)>);
type GoalMeaning = (Condition, Vec<Arc<Phrase>>, Vec<Assumption>);

/// A list or a goal.
struct Named<M> {
    info: NamedText,
    meaning: M,
    /// The rules for which it asks, by their places in the new rule set.
    met: BTreeSet<usize>,
}

/// The lists of both; `changed` says which of the new rules mean something else than before.
pub(super) fn lists(
    old: &Compiled,
    new: &Compiled,
    there: There<'_>,
    changed: &[bool],
) -> Vec<ItemDifference> {
    differences(&named_lists(old, Some(there)), &named_lists(new, None), changed)
}

/// The goals of both.
pub(super) fn goals(
    old: &Compiled,
    new: &Compiled,
    there: There<'_>,
    changed: &[bool],
) -> Vec<ItemDifference> {
    differences(&named_goals(old, Some(there)), &named_goals(new, None), changed)
}

fn named_lists(rules: &Compiled, there: Option<There<'_>>) -> Vec<Named<ListMeaning>> {
    let texts = texts(rules, |kind| match kind {
        ItemKind::List(list) => Some(&list.name.value),
        _ => None,
    });
    let named = |list: &List| {
        let mut bare = there.map_or_else(Bare::default, Bare::seen_from);
        let sort = list.sort.as_ref().map(|(path, down)| (bare.path(path), *down));
        let meaning = (bare.phrase(&list.phrase), sort, list.limit);
        Named { info: info(&list.name, &texts), meaning, met: bare.met() }
    };
    rules.lists.iter().map(named).collect()
}

fn named_goals(rules: &Compiled, there: Option<There<'_>>) -> Vec<Named<GoalMeaning>> {
    let texts = texts(rules, |kind| match kind {
        ItemKind::Goal(goal) => Some(&goal.name.value),
        _ => None,
    });
    let named = |goal: &Goal| {
        let mut bare = there.map_or_else(Bare::default, Bare::seen_from);
        let through = goal.through.iter().map(|step| bare.phrase(step)).collect();
        let target = bare.condition(&Condition::Compare(goal.target.clone()));
        Named {
            info: info(&goal.name, &texts),
            meaning: (target, through, goal.assumed.clone()),
            met: bare.met(),
        }
    };
    rules.goals.iter().map(named).collect()
}

/// Items in their one spelling, by name.
fn texts(
    rules: &Compiled,
    name: impl Fn(&ItemKind) -> Option<&String>,
) -> BTreeMap<String, String> {
    let named = rules.items.iter();
    named.filter_map(|item| Some((name(&item.kind)?.clone(), item.to_string()))).collect()
}

fn info(name: &str, texts: &BTreeMap<String, String>) -> NamedText {
    NamedText { name: name.to_owned(), text: texts.get(name).cloned().unwrap_or_default() }
}

/// Those of the same name belong together; then those that mean the same. The new ones as written,
/// then those that are gone.
fn differences<M: PartialEq>(
    old: &[Named<M>],
    new: &[Named<M>],
    changed: &[bool],
) -> Vec<ItemDifference> {
    let is_built_on_changes =
        |item: &Named<M>| item.met.iter().any(|rule| changed.get(*rule) == Some(&true));
    let means_the_same =
        |old: &Named<M>, new: &Named<M>| old.meaning == new.meaning && !is_built_on_changes(new);
    let has_name = |items: &[Named<M>], name: &str| items.iter().any(|item| item.info.name == name);
    let mut left: Vec<&Named<M>> =
        old.iter().filter(|item| !has_name(new, &item.info.name)).collect();
    let mut all = Vec::new();
    for item in new {
        let before = match old.iter().find(|before| before.info.name == item.info.name) {
            Some(before) => Some(before),
            None => left
                .iter()
                .position(|before| means_the_same(before, item))
                .map(|place| left.remove(place)),
        };
        let change = match before {
            None => Change::Added,
            Some(before) if !means_the_same(before, item) => Change::Changed,
            Some(before) if before.info.name != item.info.name => Change::Renamed,
            Some(before) if before.info.text != item.info.text => Change::Reworded,
            Some(_) => Change::Same,
        };
        let old = before.map(|before| before.info.clone());
        all.push(ItemDifference { change, old, new: Some(item.info.clone()) });
    }
    all.extend(left.into_iter().map(|gone| ItemDifference {
        change: Change::Removed,
        old: Some(gone.info.clone()),
        new: None,
    }));
    all
}
