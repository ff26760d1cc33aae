//! Both rule sets as of one moment.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::report::{
    AsOfDifference, Counts, Direction, RuleCounts, RuleDifference, ScoreDifferences,
    VerdictDifference,
};
use super::{Backtest, Rows};
use crate::engine::{Decisions, Moment};
use crate::model::Noun;
use crate::prepared::{Decision, Evaluation};
use crate::ruleset::AsOf;
use crate::verdict::{RuleInfo, Scores, Tally};

/// What two rule sets decide as of one moment, and where they differ.
///
/// Made by [`Backtest::at`]. It is small: verdicts are made for those that are asked for.
pub struct Comparison<'b> {
    backtest: &'b Backtest<'b>,
    moment: Moment,
    old: Decided<'b>,
    new: Decided<'b>,
    /// By the place of the rule in [`Backtest::rules`].
    found: Vec<OfRule>,
}

/// What one of the rule sets decides.
struct Decided<'b> {
    /// None where none of its rules is looked at.
    evaluation: Option<Evaluation<'b>>,
    scores: Option<Scores>,
    /// By the id of a rule, its place among those that were judged.
    places: HashMap<String, usize>,
}

impl<'b> Decided<'b> {
    fn new(evaluation: Option<Evaluation<'b>>) -> Self {
        let rules = evaluation.iter().flat_map(|evaluation| {
            evaluation.decided().map(|(place, _)| (evaluation.rule(place).to_owned(), place))
        });
        let places = rules.collect();
        let scores = evaluation.as_ref().map(Evaluation::scores);
        Decided { evaluation, scores, places }
    }

    fn place(&self, rule: Option<&RuleInfo>) -> Option<usize> {
        self.places.get(&rule?.id).copied()
    }

    fn decisions(&self, place: usize) -> Option<&Decisions> {
        self.evaluation.as_ref()?.decided().nth(place).map(|(_, decisions)| decisions)
    }

    fn decision(&self, rule: Option<usize>, place: Option<usize>) -> Option<Decision<'_>> {
        Some(self.evaluation.as_ref()?.decision(rule?, place?))
    }

    fn tally(&self, rule: Option<usize>) -> Option<Tally> {
        self.scores.as_ref()?.rules.get(rule?).map(|named| named.tally.clone())
    }
}

/// How the verdicts of one rule differ.
#[derive(Default)]
struct OfRule {
    old: Option<usize>,
    new: Option<usize>,
    counts: Counts,
    /// Those that differ, subjects by id.
    found: Vec<Found>,
}

/// The places of two decisions that differ.
#[derive(Clone, Copy)]
struct Found {
    direction: Direction,
    old: Option<usize>,
    new: Option<usize>,
}

impl<'b> Comparison<'b> {
    pub(super) fn new(
        backtest: &'b Backtest<'b>,
        as_of: AsOf,
        old: Option<Evaluation<'b>>,
        new: Option<Evaluation<'b>>,
    ) -> Self {
        let rules = backtest.compiled();
        let moment = Moment::new(&rules.calendar, as_of.instant(rules));
        let (old, new) = (Decided::new(old), Decided::new(new));
        let found = backtest.rules.iter().map(|rule| of_rule(backtest, rule, &old, &new));
        let found = found.collect();
        Comparison { backtest, moment, old, new, found }
    }

    /// The as-of instant, with the offset of the new rule set's zone.
    pub fn as_of(&self) -> String {
        self.moment.written(self.backtest.compiled().calendar.zone)
    }

    /// The as-of day.
    pub fn day(&self) -> NaiveDate {
        self.moment.day
    }

    /// How the verdicts of each rule differ, in the order of [`Backtest::rules`].
    pub fn rules(&self) -> Vec<RuleCounts> {
        let counts = |(rule, of_rule): (&RuleDifference, &OfRule)| RuleCounts {
            old: rule.old.as_ref().map(|rule| rule.id.clone()),
            new: rule.new.as_ref().map(|rule| rule.id.clone()),
            counts: of_rule.counts,
            old_verdicts: self.old.tally(of_rule.old),
            new_verdicts: self.new.tally(of_rule.new),
        };
        self.backtest.rules.iter().zip(&self.found).map(counts).collect()
    }

    /// How many verdicts differ, by all rules that both have.
    pub fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        self.found.iter().for_each(|of_rule| sum += of_rule.counts);
        sum
    }

    /// How the scores differ.
    pub fn scores(&self) -> ScoreDifferences {
        ScoreDifferences::new(self.old.scores.as_ref(), self.new.scores.as_ref())
    }

    /// The verdicts that differ: rules in the order of [`Backtest::rules`], subjects by id.
    pub fn differences(&self) -> impl Iterator<Item = Difference<'_>> {
        self.found.iter().flat_map(move |of_rule| {
            of_rule.found.iter().map(move |found| Difference {
                direction: found.direction,
                old: self.old.decision(of_rule.old, found.old),
                new: self.new.decision(of_rule.new, found.new),
            })
        })
    }

    /// Everything, with no more than so many verdicts.
    pub(super) fn told(&self, most: usize) -> AsOfDifference {
        let differences = self.differences().take(most);
        AsOfDifference {
            as_of: self.as_of(),
            day: self.day(),
            rules: self.rules(),
            scores: self.scores(),
            differences: differences.map(|difference| difference.verdicts()).collect(),
        }
    }
}

fn of_rule(
    backtest: &Backtest<'_>,
    rule: &RuleDifference,
    old: &Decided<'_>,
    new: &Decided<'_>,
) -> OfRule {
    let (before, after) = (old.place(rule.old.as_ref()), new.place(rule.new.as_ref()));
    let mut of_rule = OfRule { old: before, new: after, ..OfRule::default() };
    let decisions = before.and_then(|place| old.decisions(place));
    let (Some(decisions), Some(others)) = (decisions, after.and_then(|place| new.decisions(place)))
    else {
        return of_rule;
    };
    let subject = |rule: &Option<RuleInfo>| rule.as_ref().map(|rule| rule.subject.clone());
    let noun = Noun::ALL.into_iter().find(|noun| {
        let words = Some(noun.singular());
        subject(&rule.old).as_deref() == words && subject(&rule.new).as_deref() == words
    });
    // Things of different nouns are different things, whatever their ids.
    let rows = noun.map(|noun| backtest.rows(noun));
    let mut found = Vec::new();
    pairs(decisions, others, rows, |old, new| {
        let status = |of: &Decisions, place: Option<usize>| place.map(|place| of.status(place));
        let direction = Direction::of(status(decisions, old), status(others, new));
        of_rule.counts.count(direction);
        found.extend(direction.map(|direction| Found { direction, old, new }));
    });
    found.sort_by_cached_key(|found| {
        let decision = new.decision(after, found.new).or_else(|| old.decision(before, found.old));
        decision.map(|decision| decision.subject().into_owned())
    });
    of_rule.found = found;
    of_rule
}

/// Goes through the decisions about everybody whom one or both rules judge, by their places.
fn pairs(
    old: &Decisions,
    new: &Decisions,
    rows: Option<&Rows>,
    mut each: impl FnMut(Option<usize>, Option<usize>),
) {
    let rows_of =
        |decisions: &Decisions| decisions.subjects().max().map_or(0, |row| row as usize + 1);
    let mut places: Vec<Option<usize>> = vec![None; rows_of(old)];
    for (place, row) in old.subjects().enumerate() {
        if let Some(at) = places.get_mut(row as usize) {
            *at = Some(place);
        }
    }
    for (place, row) in new.subjects().enumerate() {
        let before = rows.and_then(|rows| rows.old(row));
        let before = before.and_then(|row| places.get_mut(row as usize)?.take());
        each(before, Some(place));
    }
    places.into_iter().flatten().for_each(|place| each(Some(place), None));
}

/// A subject that a rule judges differently.
pub struct Difference<'c> {
    direction: Direction,
    old: Option<Decision<'c>>,
    new: Option<Decision<'c>>,
}

impl<'c> Difference<'c> {
    /// How the new verdict differs from the old one.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// What the old rule decides; none where it is no subject of it.
    pub fn by_old(&self) -> Option<&Decision<'c>> {
        self.old.as_ref()
    }

    /// What the new rule decides; none where it is no subject of it.
    pub fn by_new(&self) -> Option<&Decision<'c>> {
        self.new.as_ref()
    }

    /// Both verdicts in full.
    pub fn verdicts(&self) -> VerdictDifference {
        let verdict = |decision: &Option<Decision<'c>>| decision.as_ref()?.verdict();
        VerdictDifference {
            direction: self.direction,
            old: verdict(&self.old),
            new: verdict(&self.new),
        }
    }
}
