//! The lists of a rule file, with what a caller needs beside each subject.

use std::collections::{BTreeSet, HashMap};

use super::reach::{self, Beside};
use super::{Ask, CallList, Listed, Worklists};
use crate::engine::Evaluation;
use crate::model::Item;
use crate::verdict::Status;

pub(super) fn list(lists: &Worklists<'_>, index: usize, ask: &Ask) -> CallList {
    let evaluation = lists.evaluation(&lists.store).decide();
    let open = open(&evaluation);
    let listed = evaluation.list(index).into_iter().map(|item| {
        let Beside { subject, activity, about, owner, team, last, next, reach } =
            reach::beside(&evaluation, item, None);
        let open = open.get(&item).into_iter().flatten();
        let open = open.map(|rule| evaluation.rule(*rule).to_owned()).collect();
        Listed { subject, activity, about, owner, team, last, next, reach, open }
    });
    let is_meant = |listed: &Listed| {
        ask.seller.as_ref().is_none_or(|seller| listed.owner.as_ref() == Some(seller))
            && (ask.rules.is_empty() || ask.rules.iter().any(|rule| listed.open.contains(rule)))
    };
    let mut subjects: Vec<Listed> = listed.collect();
    let all = subjects.len();
    subjects.retain(is_meant);
    if let Some(most) = ask.limit {
        let mut taken: HashMap<Option<String>, usize> = HashMap::new();
        subjects.retain(|listed| {
            let count = taken.entry(listed.owner.clone()).or_default();
            *count += 1;
            *count <= most
        });
    }
    CallList {
        schema: 1,
        as_of: evaluation.written(),
        day: evaluation.day(),
        name: lists.plan.lists.get(index).map(|list| list.name.clone()).unwrap_or_default(),
        left_out: (all - subjects.len()) as u64,
        subjects,
        problems: Vec::new(),
    }
}

/// Which rules each thing misses or is at risk to miss, and can still meet.
fn open(evaluation: &Evaluation<'_>) -> HashMap<Item, BTreeSet<usize>> {
    let mut open: HashMap<Item, BTreeSet<usize>> = HashMap::new();
    for (rule, decisions) in evaluation.decided() {
        let is_short = |place: &usize| {
            matches!(decisions.status(*place), Status::Missed | Status::AtRisk)
                && !decisions.is_final(*place)
        };
        let short = (0..decisions.len()).filter(is_short);
        for subject in short.filter_map(|place| evaluation.item(rule, place)) {
            open.entry(subject).or_default().insert(rule);
        }
    }
    open
}
