//! Kinds of activities that are perhaps written wrongly.

use std::collections::BTreeMap;

use kadence::Noun;

use super::facts::Facts;
use super::{Check, Finding};

/// Kinds that there is one activity of.
pub(super) fn used_once(facts: &Facts<'_>) -> Option<Finding> {
    let kind = facts.column(Noun::Activity, "kind");
    let mut kinds: BTreeMap<&str, (u32, usize)> = BTreeMap::new();
    for row in facts.rows(Noun::Activity) {
        if let Some(kind) = kind.text(row) {
            kinds.entry(kind).or_insert((row, 0)).1 += 1;
        }
    }
    let once = kinds.values().filter(|(_, count)| *count == 1).map(|(row, _)| *row);
    let mut finding =
        facts.finding(Check::KindOnce, Noun::Activity, once.collect(), facts.activity())?;
    finding.of = kinds.len();
    Some(finding)
}
