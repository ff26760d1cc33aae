//! Those that met a rule beside those that missed it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use kadence::effect::{Observation, Observed, Peer, Results, Size};

use super::compare::{LEVEL, Refusal, Value, compare, raw, side};
use super::report::{Estimate, Outcome, Periods, RawDifference, ResultEffect, RuleEffect};

/// Of which share of those that sold something it may be unknown how much.
const MOST_UNKNOWN: f64 = 0.05;

/// What those of one stratum have in common: segment, owner, size, and the quarter of the year.
type Like<'p> = (Option<&'p str>, Option<&'p str>, Size, Option<(i32, u32)>);

/// Numbers of strata, in the order in which they occur.
#[derive(Debug, Default)]
pub(super) struct Strata<'p>(BTreeMap<Like<'p>, usize>);

impl<'p> Strata<'p> {
    /// The number of one.
    pub(super) fn of(&mut self, like: Like<'p>) -> usize {
        let next = self.0.len();
        *self.0.entry(like).or_insert(next)
    }
}

pub(super) fn effect(observed: &Observed) -> RuleEffect {
    let mut strata = Strata::default();
    let places: Vec<usize> = observed
        .observations
        .iter()
        .map(|one| {
            let peer = observed.subjects.get(one.subject);
            let segment = peer.and_then(|peer: &Peer| peer.segment.as_deref());
            let owner = peer.and_then(|peer| peer.owner.as_deref());
            let size = peer.map_or(Size::Unknown, |peer| peer.size);
            strata.of((segment, owner, size, Some(quarter(one.landmark))))
        })
        .collect();
    let met = observed.observations.iter().filter(|one| one.met).count() as u64;
    RuleEffect {
        rule: observed.rule.clone(),
        periods: Periods {
            count: observed.landmarks.len() as u64,
            first: observed.landmarks.first().copied(),
            last: observed.landmarks.last().copied(),
        },
        subjects: observed.subjects.len() as u64,
        met,
        missed: observed.observations.len() as u64 - met,
        left_out: observed.left_out,
        results: Outcome::ALL.map(|outcome| result(outcome, observed, &places)).to_vec(),
    }
}

/// The quarter of the year in which a period ended.
fn quarter(day: NaiveDate) -> (i32, u32) {
    (day.year(), day.month0() / 3)
}

fn result(outcome: Outcome, observed: &Observed, strata: &[usize]) -> ResultEffect {
    let value = |(one, stratum): (&Observation, &usize)| {
        let (count, sum) = outcome.of(&one.results).filter(|(count, _)| *count > 0.0)?;
        Some(Value { subject: one.subject, stratum: *stratum, met: one.met, count, sum })
    };
    let not_known = not_known(outcome, &observed.observations);
    let known = observed.observations.iter().zip(strata).filter(|_| not_known.is_none());
    let values: Vec<Value> = known.filter_map(value).collect();
    let (compared, found) = compare(&values);
    let seen = raw(&values).map(|seen| RawDifference {
        difference: seen.difference,
        interval: seen.interval(LEVEL),
        p: seen.p(),
    });
    ResultEffect {
        outcome,
        met: side(&values, true),
        missed: side(&values, false),
        raw: seen,
        compared,
        among_like: found.ok().map(Estimate::new),
        refused: not_known.or(found.err()),
    }
}

/// Whether it is not known of too many that sold something how much that was.
fn not_known(outcome: Outcome, observations: &[Observation]) -> Option<Refusal> {
    let sold = observations.iter().filter(|one| one.results.won > 0);
    let is_unknown = |one: &&Observation| outcome.of(&one.results).is_none();
    let unknown = sold.clone().filter(is_unknown).count() as u64;
    let sold = sold.count() as u64;
    (unknown as f64 > MOST_UNKNOWN * sold as f64).then_some(Refusal::NotKnown { unknown, sold })
}

impl Outcome {
    /// How many values there are of it, and what they come to; none where it is unknown.
    fn of(self, results: &Results) -> Option<(f64, f64)> {
        let count = |n: u64| n as f64;
        match self {
            Outcome::WinRate => Some((count(results.won + results.lost), count(results.won))),
            Outcome::AmountWon => Some((1.0, results.amount.as_ref()?.to_f64())),
            Outcome::MarginWon => Some((1.0, results.margin.as_ref()?.to_f64())),
            Outcome::DaysToClose => {
                let days = &results.days_to_close;
                Some((days.len() as f64, days.iter().sum::<i64>() as f64))
            }
            Outcome::Conversion => Some((count(results.leads), count(results.converted))),
        }
    }
}
