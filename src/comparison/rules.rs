//! Which rule of one rule set is which of another, and in what they differ.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::named;
use super::report::{Change, ItemDifference, PartDifference, RuleDifference};
use crate::analysis::logic::bare::{Bare, There};
use crate::check::rules::{Compiled, Rule};
use crate::diagnostic::Span;
use crate::syntax::tree::{Item, ItemKind};
use crate::verdict::RuleInfo;

/// What became of the rules, lists and goals: the new ones as written, then those that are gone.
#[derive(Debug)]
pub(super) struct Differences {
    pub(super) rules: Vec<RuleDifference>,
    pub(super) lists: Vec<ItemDifference>,
    pub(super) goals: Vec<ItemDifference>,
}

pub(super) fn differences(old: &Compiled, new: &Compiled) -> Differences {
    let pairs = Pairs::new(old, new);
    let none = BTreeSet::new();
    let mut there =
        There { here: &old.schema, there: &new.schema, rules: &pairs.to_new, segments: &none };
    let segments = segments_that_differ(old, new, there);
    there.segments = &segments;
    let changed = pairs.changed(there);
    Differences {
        rules: pairs.differences(&changed),
        lists: named::lists(old, new, there, &changed),
        goals: named::goals(old, new, there, &changed),
    }
}

fn one_sided(change: Change, old: Option<RuleInfo>, new: Option<RuleInfo>) -> RuleDifference {
    RuleDifference { change, old, new, parts: Vec::new() }
}

/// Two rule sets and which of their rules belong together.
struct Pairs<'r> {
    old: &'r Compiled,
    new: &'r Compiled,
    /// By the place of the old rule, that of the new one.
    to_new: Vec<Option<usize>>,
    to_old: Vec<Option<usize>>,
    /// Each rule in its one spelling, a line for each part.
    old_lines: Vec<Vec<String>>,
    new_lines: Vec<Vec<String>>,
}

impl<'r> Pairs<'r> {
    /// Rules of the same id belong together; then those of the same subject and condition, in the
    /// order of writing.
    fn new(old: &'r Compiled, new: &'r Compiled) -> Self {
        let (old_lines, new_lines) = (lines(old), lines(new));
        let mut pairs = Pairs {
            old,
            new,
            to_new: vec![None; old.rules.len()],
            to_old: vec![None; new.rules.len()],
            old_lines,
            new_lines,
        };
        let ids = old.rules.iter().enumerate().map(|(place, rule)| (rule.id.as_str(), place));
        let ids: HashMap<&str, usize> = ids.collect();
        for (place, rule) in new.rules.iter().enumerate() {
            if let Some(before) = ids.get(rule.id.as_str()) {
                pairs.join(*before, place);
            }
        }
        let mut left: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (place, lines) in pairs.old_lines.iter().enumerate() {
            if let (None, Some(text)) = (pairs.to_new.get(place).copied().flatten(), lines.first())
            {
                left.entry(text.clone()).or_default().push_back(place);
            }
        }
        for place in 0..new.rules.len() {
            let text = pairs.new_lines.get(place).and_then(|lines| lines.first());
            let is_free = pairs.to_old.get(place).is_some_and(Option::is_none);
            let before = text
                .filter(|_| is_free)
                .and_then(|text| left.get_mut(text))
                .and_then(VecDeque::pop_front);
            if let Some(before) = before {
                pairs.join(before, place);
            }
        }
        pairs
    }

    fn join(&mut self, old: usize, new: usize) {
        if let (Some(there), Some(back)) = (self.to_new.get_mut(old), self.to_old.get_mut(new)) {
            (*there, *back) = (Some(new), Some(old));
        }
    }

    /// Which of the new rules mean something else than before: by themselves, or because they ask
    /// for rules that do.
    fn changed(&self, there: There<'_>) -> Vec<bool> {
        let mut changed = Vec::new();
        let mut met = Vec::new();
        for (rule, before) in self.new.rules.iter().zip(&self.to_old) {
            let mut bare = Bare::default();
            let after = bare.rule(rule);
            met.push(bare.met());
            let before = before.and_then(|before| self.old.rules.get(before));
            let is_same = |before: &Rule| same(&Bare::seen_from(there).rule(before), &after);
            changed.push(!before.is_some_and(is_same));
        }
        // Rules ask for each other in no circle, so that this ends.
        loop {
            let spread: Vec<bool> = changed
                .iter()
                .zip(&met)
                .map(|(is_changed, met)| {
                    *is_changed || met.iter().any(|met| changed.get(*met) == Some(&true))
                })
                .collect();
            if spread == changed {
                return changed;
            }
            changed = spread;
        }
    }

    fn differences(&self, changed: &[bool]) -> Vec<RuleDifference> {
        let (old, new) = (self.old, self.new);
        let mut all: Vec<RuleDifference> = Vec::new();
        for (place, (rule, before)) in new.rules.iter().zip(&self.to_old).enumerate() {
            let is_changed = changed.get(place).copied().unwrap_or(false);
            all.push(match before {
                Some(before) => self.pair(*before, place, is_changed),
                None => one_sided(Change::Added, None, Some(rule.info(&new.sources))),
            });
        }
        let gone = old.rules.iter().zip(&self.to_new).filter(|(_, there)| there.is_none());
        let gone = gone.map(|(rule, _)| rule.info(&old.sources));
        all.extend(gone.map(|rule| one_sided(Change::Removed, Some(rule), None)));
        all
    }

    fn pair(&self, old: usize, new: usize, is_changed: bool) -> RuleDifference {
        let of = |rules: &Compiled, place: usize| {
            rules.rules.get(place).map(|rule| rule.info(&rules.sources))
        };
        let empty = Vec::new();
        let mut parts = parts(
            self.old_lines.get(old).unwrap_or(&empty),
            self.new_lines.get(new).unwrap_or(&empty),
        );
        if is_changed && parts.iter().all(|part| is_wording(&part.part)) {
            parts.push(PartDifference { part: "definitions".to_owned(), old: None, new: None });
        }
        let (old, new) = (of(self.old, old), of(self.new, new));
        let same_id = old.as_ref().map(|rule| &rule.id) == new.as_ref().map(|rule| &rule.id);
        let change = match (is_changed, same_id, parts.is_empty()) {
            (true, ..) => Change::Changed,
            (_, false, _) => Change::Renamed,
            (_, _, false) => Change::Reworded,
            _ => Change::Same,
        };
        RuleDifference { change, old, new, parts }
    }
}

/// Whether a part can differ without a difference in what is meant.
fn is_wording(part: &str) -> bool {
    matches!(part, "as" | "because" | "supports")
}

/// The names of the segments that are not the same in both.
fn segments_that_differ(old: &Compiled, new: &Compiled, there: There<'_>) -> BTreeSet<String> {
    let of_old = old
        .segments
        .iter()
        .map(|segment| (segment.name.as_str(), Bare::seen_from(there).phrase(&segment.phrase)));
    let of_new = new
        .segments
        .iter()
        .map(|segment| (segment.name.as_str(), Bare::default().phrase(&segment.phrase)));
    let (of_old, of_new): (HashMap<_, _>, HashMap<_, _>) = (of_old.collect(), of_new.collect());
    let names = of_old.keys().chain(of_new.keys());
    names.filter(|name| of_old.get(*name) != of_new.get(*name)).map(|n| (*n).to_owned()).collect()
}

/// Whether two rules without their wording mean the same.
fn same(a: &Rule, b: &Rule) -> bool {
    a.subject == b.subject
        && a.condition == b.condition
        && a.unless == b.unless
        && a.weight == b.weight
        && a.severity == b.severity
        && (a.since, a.until) == (b.since, b.until)
        && (a.prorate, a.grace, a.warn) == (b.prorate, b.grace, b.warn)
}

/// The rules in their one spelling: subject and condition, then a line for each modifier.
fn lines(rules: &Compiled) -> Vec<Vec<String>> {
    let written = |item: &Item| match &item.kind {
        ItemKind::Rule(rule) => Some((rule.span, item.to_string())),
        _ => None,
    };
    let written: HashMap<Span, String> = rules.items.iter().filter_map(written).collect();
    let lines = |rule: &Rule| {
        let text = written.get(&rule.span).unwrap_or(&rule.text);
        text.lines().map(|line| line.trim().to_owned()).collect()
    };
    rules.rules.iter().map(lines).collect()
}

fn parts(old: &[String], new: &[String]) -> Vec<PartDifference> {
    let (old, new) = (by_part(old), by_part(new));
    let names = old.iter().chain(&new).map(|(part, _)| *part);
    let mut parts: Vec<PartDifference> = Vec::new();
    for part in names {
        let of = |lines: &[(&str, &str)]| {
            lines.iter().find(|(name, _)| *name == part).map(|(_, text)| (*text).to_owned())
        };
        let (old, new) = (of(&old), of(&new));
        if old != new && parts.iter().all(|known| known.part != part) {
            parts.push(PartDifference { part: part.to_owned(), old, new });
        }
    }
    parts
}

/// What a rule says of what.
fn by_part(lines: &[String]) -> Vec<(&str, &str)> {
    let rule = lines.first().map(|text| ("rule", text.as_str()));
    let modifiers = lines.iter().skip(1).map(|line| line.split_once(' ').unwrap_or((line, "")));
    rule.into_iter().chain(modifiers).collect()
}
