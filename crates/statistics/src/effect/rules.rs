//! Those that met a rule beside those that missed it.

use std::collections::BTreeMap;

use kadence::Noun;
use kadence::effect::{Observation, Observed, Peer, Results, Size};

use super::compare::{LEVEL, Refusal, Value, compare, raw, side};
use super::report::{Estimate, Outcome, Periods, RawDifference, ResultEffect, RuleEffect};

/// Of which share of those that sold something it may be unknown how much.
const MOST_UNKNOWN: f64 = 0.05;

/// From how many open deals of a customer on it makes no difference how many they are.
const MANY_DEALS: u64 = 2;

/// What those of one stratum have in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Like<'p> {
    pub(super) segment: Option<&'p str>,
    pub(super) owner: Option<&'p str>,
    pub(super) size: Size,
    /// The period, by any number that it alone has.
    pub(super) period: usize,
    /// How old they are, in months that grow longer with age.
    pub(super) age: Option<u32>,
    pub(super) open_deals: u64,
    pub(super) deals_moved: bool,
}

impl<'p> Like<'p> {
    /// All that one is for good, at no particular time.
    pub(super) fn of(peer: &'p Peer) -> Self {
        let (segment, owner) = (peer.segment.as_deref(), peer.owner.as_deref());
        Like {
            segment,
            owner,
            size: peer.size,
            period: 0,
            age: None,
            open_deals: 0,
            deals_moved: false,
        }
    }
}

/// Numbers of what is equal, in the order in which it occurs.
#[derive(Debug)]
pub(super) struct Numbers<T>(BTreeMap<T, usize>);

impl<T: Ord> Numbers<T> {
    pub(super) fn new() -> Self {
        Numbers(BTreeMap::new())
    }

    pub(super) fn of(&mut self, one: T) -> usize {
        let next = self.0.len();
        *self.0.entry(one).or_insert(next)
    }
}

/// Whose a value is, of all on whom it depends, and with whom it can be compared.
#[derive(Debug, Clone, Copy)]
struct Place {
    cluster: usize,
    stratum: usize,
}

fn places(observed: &Observed) -> Vec<Place> {
    let (mut strata, mut clusters) = (Numbers::new(), Numbers::new());
    let place = |one: &Observation| {
        let peer = observed.subjects.get(one.subject)?;
        let cluster: &(Noun, String) = &peer.cluster;
        let like = Like {
            period: one.period,
            age: one.months_old.map(age),
            open_deals: one.open_deals.min(MANY_DEALS),
            deals_moved: one.deals_moved,
            ..Like::of(peer)
        };
        Some(Place { cluster: clusters.of(cluster), stratum: strata.of(like) })
    };
    observed.observations.iter().filter_map(place).collect()
}

/// Months for a year, quarters for another; who is older is old. What becomes of the young changes fast.
fn age(months: u32) -> u32 {
    match months {
        0..12 => months,
        12..24 => 12 + (months - 12) / 3,
        24.. => 16,
    }
}

pub(super) fn effect(observed: &Observed) -> RuleEffect {
    let places = places(observed);
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
        hindsight: observed.hindsight.clone(),
        results: Outcome::ALL.map(|outcome| result(outcome, observed, &places)).to_vec(),
    }
}

fn result(outcome: Outcome, observed: &Observed, places: &[Place]) -> ResultEffect {
    let value = |(one, place): (&Observation, &Place)| {
        let (count, sum) = outcome.of(&one.results).filter(|(count, _)| *count > 0.0)?;
        let Place { cluster: subject, stratum } = *place;
        Some(Value { subject, stratum, met: one.met, count, sum })
    };
    let in_hindsight = (!observed.hindsight.is_none()).then_some(Refusal::InHindsight);
    let not_known = in_hindsight.or_else(|| not_known(outcome, &observed.observations));
    let known = observed.observations.iter().zip(places).filter(|_| not_known.is_none());
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
