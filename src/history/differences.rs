//! Which verdicts are no longer what they were, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::frozen::Frozen;
use crate::comparison::{Change, Direction, RuleDifference};
use crate::verdict::{Period, RuleInfo, Verdict};

/// Why a verdict is another now than it was then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Something that had happened was logged only later: without that it is as it was.
    LoggedLate,
    /// The data has been changed: corrected, removed, or entered without saying when.
    Corrected,
    /// The rule means something else now than it did then.
    RuleChanged,
}

impl Cause {
    /// As tables write it: `logged late`.
    pub fn words(self) -> &'static str {
        match self {
            Cause::LoggedLate => "logged late",
            Cause::Corrected => "corrected",
            Cause::RuleChanged => "rule changed",
        }
    }
}

/// A verdict that is another now than it was then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownDifference {
    /// From then to now; none where the status is the same, and the figures or the owner differ.
    pub direction: Option<Direction>,
    /// Why.
    pub cause: Cause,
    /// What was said then; none where it was no subject of the rule.
    pub then: Option<Verdict>,
    /// What is to be said now; none where it is no subject of the rule.
    pub now: Option<Verdict>,
    /// The ids of what counts now and was logged later than the moment that is judged.
    pub late: Vec<String>,
}

impl KnownDifference {
    /// What is to be said now, or what was said then where there is nothing now.
    pub fn latest(&self) -> Option<&Verdict> {
        self.now.as_ref().or(self.then.as_ref())
    }
}

/// The verdicts of one moment in the three pictures.
pub(super) struct Pictures<'a> {
    pub(super) then: &'a [Verdict],
    pub(super) as_logged: &'a [Verdict],
    pub(super) now: &'a [Verdict],
    /// The ids of what was logged late.
    pub(super) late: &'a BTreeSet<&'a str>,
}

/// The verdicts of one rule, by subject and period, and by which of those that share both.
type OfRule<'v> = BTreeMap<(&'v str, &'v str, Option<(NaiveDate, NaiveDate)>, usize), &'v Verdict>;

impl<'v> Pictures<'v> {
    /// For each of the rules what differs, by subject and period, and how many do not. With a
    /// period, only what is settled with it.
    pub(super) fn differences(
        &self,
        rules: &[RuleDifference],
        within: Option<Period>,
    ) -> Vec<(Vec<KnownDifference>, u64)> {
        let then = by_rule(self.then, ids(rules, |rule| rule.old.as_ref()), rules.len());
        let by_new = ids(rules, |rule| rule.new.as_ref());
        let as_logged = by_rule(self.as_logged, by_new.clone(), rules.len());
        let now = by_rule(self.now, by_new, rules.len());
        let both = rules.iter().zip(then).zip(as_logged.into_iter().zip(now));
        both.map(|((rule, then), (as_logged, now))| {
            let mut found = Vec::new();
            let mut same = 0;
            let keys: BTreeSet<_> = then.keys().chain(now.keys()).copied().collect();
            for key in keys {
                let of = |verdicts: &OfRule<'v>| verdicts.get(&key).copied();
                let (then, now) = (of(&then), of(&now));
                if within.is_some_and(|period| !is_settled(period, then, now)) {
                    continue;
                }
                if says_the_same(then, now) {
                    same += 1;
                    continue;
                }
                let cause = match rule.change {
                    Change::Changed => Cause::RuleChanged,
                    _ if says_the_same(then, of(&as_logged)) => Cause::LoggedLate,
                    _ => Cause::Corrected,
                };
                found.push(self.difference(cause, then, now));
            }
            (found, same)
        })
        .collect()
    }

    fn difference(
        &self,
        cause: Cause,
        then: Option<&Verdict>,
        now: Option<&Verdict>,
    ) -> KnownDifference {
        let status = |verdict: Option<&Verdict>| verdict.map(|verdict| verdict.status);
        let counts = now.iter().flat_map(|verdict| &verdict.evidence);
        let late = counts.filter(|id| self.late.contains(id.as_str())).cloned();
        KnownDifference {
            direction: Direction::of(status(then), status(now)),
            cause,
            late: late.collect(),
            then: then.cloned(),
            now: now.cloned(),
        }
    }
}

/// By the id of a rule on one side, its place.
fn ids(
    rules: &[RuleDifference],
    side: impl Fn(&RuleDifference) -> Option<&RuleInfo>,
) -> HashMap<&str, usize> {
    let places = rules.iter().enumerate();
    places.filter_map(|(place, rule)| Some((side(rule)?.id.as_str(), place))).collect()
}

fn by_rule<'v>(
    verdicts: &'v [Verdict],
    places: HashMap<&str, usize>,
    rules: usize,
) -> Vec<OfRule<'v>> {
    let mut all: Vec<OfRule<'v>> = Vec::new();
    all.resize_with(rules, BTreeMap::new);
    for verdict in verdicts {
        let place = places.get(verdict.rule.as_str());
        let Some(of_rule) = place.and_then(|place| all.get_mut(*place)) else { continue };
        let days = verdict.period.map(|period| (period.from, period.to));
        let key = |nth| (verdict.subject.id.as_str(), verdict.subject.kind.as_str(), days, nth);
        // Members and absences may share an id.
        let nth = (0..).find(|nth| !of_rule.contains_key(&key(*nth))).unwrap_or_default();
        of_rule.insert(key(nth), verdict);
    }
    all
}

/// Whether a verdict was settled with a period, or would have been and was not there.
fn is_settled(period: Period, then: Option<&Verdict>, now: Option<&Verdict>) -> bool {
    match then {
        Some(then) => Frozen::settles(period, then),
        None => now.is_some_and(|now| Frozen::settles(period, now)),
    }
}

/// Whether somebody would be told the same: status and figures, and whose verdict it is. What counts
/// may be something else, where it counts for the same.
fn says_the_same(a: Option<&Verdict>, b: Option<&Verdict>) -> bool {
    fn said(verdict: &Verdict) -> impl PartialEq {
        let Verdict { status, measured, target, owner, team, .. } = verdict;
        (status, measured, target, owner, team)
    }
    a.map(said) == b.map(said)
}
