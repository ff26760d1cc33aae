//! Who takes pains and sells little.

use std::collections::BTreeMap;

use kadence::Number;
use kadence::effect::{Deal, Effort, Facts};

use super::compare::{LEAST_SUBJECTS, LEVEL, Side, Value, raw, side};
use super::fisher::fisher;
use super::ranks::ranks;
use super::report::{Against, EffortYield, Yield};
use crate::Rate;

/// The deals of the time in which effort is counted.
struct Deals<'d> {
    deals: Vec<&'d Deal>,
    /// Numbers of their customers.
    customers: Vec<usize>,
    /// Of those that were won and of which it is known: the rank of the share that is margin. A few
    /// shares are often far from all others, so that their mean would say little.
    margins: Vec<Option<f64>>,
}

impl<'d> Deals<'d> {
    fn new(deals: Vec<&'d Deal>) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let customers = deals.iter().map(|deal| {
            let next = numbers.len();
            *numbers.entry(&deal.cluster).or_insert(next)
        });
        let customers = customers.collect();
        let shares: Vec<Option<f64>> =
            deals.iter().map(|deal| sold(deal).map(|(amount, margin)| margin / amount)).collect();
        let mut ranked = ranks(&shares.iter().flatten().copied().collect::<Vec<_>>()).into_iter();
        let margins = shares.iter().map(|share| share.and_then(|_| ranked.next())).collect();
        Deals { deals, customers, margins }
    }

    /// A figure of each deal that has one; `met` are the own ones.
    fn values(
        &self,
        is_own: &dyn Fn(&Deal) -> bool,
        figure: impl Fn(usize, &Deal) -> Option<f64>,
    ) -> Vec<Value> {
        let deals = self.deals.iter().zip(&self.customers).enumerate();
        let value = |(place, (deal, customer)): (usize, (&&Deal, &usize))| {
            let sum = figure(place, deal)?;
            Some(Value { subject: *customer, stratum: 0, met: is_own(deal), count: 1.0, sum })
        };
        deals.filter_map(value).collect()
    }

    /// The share of the amount won that is margin, of what is known.
    fn margin(&self, is_meant: impl Fn(&Deal) -> bool) -> Option<f64> {
        let sold = self.deals.iter().filter(|deal| is_meant(deal)).filter_map(|deal| sold(deal));
        let (amount, margin) = sold.fold((0.0, 0.0), |(a, m), one| (a + one.0, m + one.1));
        (amount > 0.0).then(|| margin / amount)
    }
}

/// The amount and the margin of a deal that was won, where both are known.
fn sold(deal: &Deal) -> Option<(f64, f64)> {
    let amount = deal.amount.as_ref().map(Number::to_f64).filter(|amount| *amount > 0.0)?;
    Some((amount, deal.margin.as_ref().filter(|_| deal.won)?.to_f64()))
}

pub(super) fn effort(facts: &Facts) -> EffortYield {
    let is_recent = |deal: &&Deal| deal.closed >= facts.effort_since;
    let deals = Deals::new(facts.deals.iter().filter(is_recent).collect());
    let step = facts.steps.len().checked_sub(2).and_then(|step| facts.steps.get(step));
    let of = |efforts: &[Effort], whose: &dyn Fn(&Deal) -> Option<&str>| -> Vec<Yield> {
        efforts.iter().map(|effort| yields(effort, &deals, whose)).collect()
    };
    EffortYield {
        goal: facts.goal.clone(),
        step: step.cloned(),
        since: facts.effort_since,
        sellers: of(&facts.sellers, &|deal| deal.peer.owner.as_deref()),
        segments: of(&facts.segments, &|deal| deal.peer.segment.as_deref()),
    }
}

fn yields(effort: &Effort, deals: &Deals<'_>, whose: &dyn Fn(&Deal) -> Option<&str>) -> Yield {
    let is_own = |deal: &Deal| whose(deal) == Some(effort.id.as_str());
    let rates = deals.values(&is_own, |_, deal| Some(f64::from(u8::from(deal.won))));
    let ranks = deals.values(&is_own, |place, _| deals.margins.get(place).copied().flatten());
    let rate = |own: bool| {
        let Side { values, mean, .. } = side(&rates, own);
        Rate { hits: (mean.unwrap_or(0.0) * values).round(), of: values }
    };
    let (won, others) = (rate(true), rate(false));
    let whole = |rate: Rate| (rate.hits as u64, rate.of as u64);
    // Deals of one customer are alike, which only the one test knows; of few wins, only the other.
    let win_rate = against(&rates)
        .map(|found| Against { p: found.p.max(fisher(whole(won), whole(others))), ..found });
    let margin = deals.margin(is_own);
    let others_margin = deals.margin(|deal| !is_own(deal));
    let margins = against(&ranks).zip(margin.zip(others_margin));
    Yield {
        id: effort.id.clone(),
        name: effort.name.clone(),
        effort: effort.things,
        won,
        interval: won.share().map(|_| won.interval(LEVEL)),
        others,
        win_rate,
        margin,
        others_margin,
        margins: margins
            .map(|(found, (own, others))| Against { difference: own - others, ..found }),
        is_without_yield: false,
    }
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
