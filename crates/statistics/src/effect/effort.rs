//! Who takes pains and sells little.

use std::collections::BTreeMap;

use kadence::Number;
use kadence::effect::{Deal, Effort, Facts};

use super::compare::{LEAST_SUBJECTS, LEVEL, Side, Value, raw, side};
use super::fisher::fisher;
use super::report::{Against, EffortYield, Yield};
use crate::Rate;

pub(super) fn effort(facts: &Facts) -> EffortYield {
    let recent: Vec<&Deal> =
        facts.deals.iter().filter(|deal| deal.closed >= facts.effort_since).collect();
    let step = facts.steps.len().checked_sub(2).and_then(|step| facts.steps.get(step));
    let of = |efforts: &[Effort], whose: &dyn Fn(&Deal) -> Option<&str>| -> Vec<Yield> {
        efforts.iter().map(|effort| yields(effort, &recent, whose)).collect()
    };
    EffortYield {
        goal: facts.goal.clone(),
        step: step.cloned(),
        since: facts.effort_since,
        sellers: of(&facts.sellers, &|deal| deal.peer.owner.as_deref()),
        segments: of(&facts.segments, &|deal| deal.peer.segment.as_deref()),
    }
}

fn yields(effort: &Effort, deals: &[&Deal], whose: &dyn Fn(&Deal) -> Option<&str>) -> Yield {
    let is_own = |deal: &Deal| whose(deal) == Some(effort.id.as_str());
    let rates = values(deals, &is_own, &|deal| Some(f64::from(u8::from(deal.won))));
    let margins = values(deals, &is_own, &margin);
    let rate = |own: bool| {
        let Side { values, mean, .. } = side(&rates, own);
        Rate { hits: (mean.unwrap_or(0.0) * values).round(), of: values }
    };
    let (won, others) = (rate(true), rate(false));
    let whole = |rate: Rate| (rate.hits as u64, rate.of as u64);
    // Deals of one customer are alike, which only the one test knows; of few wins, only the other.
    let win_rate = against(&rates)
        .map(|found| Against { p: found.p.max(fisher(whole(won), whole(others))), ..found });
    Yield {
        id: effort.id.clone(),
        name: effort.name.clone(),
        effort: effort.things,
        won,
        interval: won.share().map(|_| won.interval(LEVEL)),
        others,
        win_rate,
        margin: side(&margins, true).mean,
        margins: against(&margins),
        is_without_yield: false,
    }
}

/// The share of the amount that is margin, of a deal that was won.
fn margin(deal: &Deal) -> Option<f64> {
    let amount = deal.amount.as_ref().map(Number::to_f64).filter(|amount| *amount > 0.0)?;
    Some(deal.margin.as_ref().filter(|_| deal.won)?.to_f64() / amount)
}

/// A figure of each deal that has one; `met` are the own ones.
fn values(
    deals: &[&Deal],
    is_own: &dyn Fn(&Deal) -> bool,
    figure: &dyn Fn(&Deal) -> Option<f64>,
) -> Vec<Value> {
    let mut clusters: BTreeMap<&str, usize> = BTreeMap::new();
    let mut values = Vec::new();
    for deal in deals {
        let Some(sum) = figure(deal) else { continue };
        let next = clusters.len();
        let subject = *clusters.entry(&deal.cluster).or_insert(next);
        values.push(Value { subject, stratum: 0, met: is_own(deal), count: 1.0, sum });
    }
    values
}

/// Where there are enough customers on both sides.
fn against(values: &[Value]) -> Option<Against> {
    let least = side(values, true).subjects.min(side(values, false).subjects);
    let found = raw(values).filter(|_| least >= LEAST_SUBJECTS)?;
    Some(Against::new(found.difference, found.p()))
}

impl Against {
    /// Before it is known how many questions are asked beside it.
    fn new(difference: f64, p: f64) -> Against {
        Against { difference, p, adjusted: 1.0, is_detected: false }
    }

    fn is_lower(&self) -> bool {
        self.is_detected && self.difference < 0.0
    }
}

/// Marks effort without yield, once it is known what is detected.
pub(super) fn mark(effort: &mut EffortYield) {
    for all in [&mut effort.sellers, &mut effort.segments] {
        let mut efforts: Vec<u64> = all.iter().map(|one| one.effort).collect();
        efforts.sort_unstable();
        let usual = efforts.get(efforts.len() / 2).copied().unwrap_or(0).max(1);
        for one in all {
            let is_lower = |of: &Option<Against>| of.as_ref().is_some_and(Against::is_lower);
            let yields_less = is_lower(&one.win_rate) || is_lower(&one.margins);
            one.is_without_yield = one.effort >= usual && yields_less;
        }
    }
}
