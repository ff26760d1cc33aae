//! Who takes pains and sells little.

use std::collections::BTreeMap;

use kadence::Number;
use kadence::effect::{Deal, Effort, Facts};

use super::compare::{LEVEL, Refusal, Side, Value, compare_few, side};
use super::fisher::fisher;
use super::ranks::ranks;
use super::report::{Against, EffortYield, Yield};
use super::rules::{Like, Numbers};
use crate::{Rate, quantile};

/// The deals of the time in which effort is counted.
struct Deals<'d> {
    deals: Vec<&'d Deal>,
    /// Numbers of those on whom they depend: their customers.
    clusters: Vec<usize>,
    /// Of those that were won and of which it is known: the share that is margin, and its rank. A few
    /// shares are often far from all others, so that their mean would say little.
    margins: Vec<Option<(f64, f64)>>,
}

/// By what deals are told apart: by seller or by segment.
struct By {
    whose: fn(&Deal) -> Option<&str>,
    /// What all that are compared have in common.
    like: for<'d> fn(&'d Deal) -> Like<'d>,
}

const BY_SELLER: By = By {
    whose: |deal| deal.peer.owner.as_deref(),
    like: |deal| Like { owner: None, ..Like::of(&deal.peer) },
};

const BY_SEGMENT: By = By {
    whose: |deal| deal.peer.segment.as_deref(),
    like: |deal| Like { segment: None, ..Like::of(&deal.peer) },
};

impl<'d> Deals<'d> {
    fn new(deals: Vec<&'d Deal>) -> Self {
        let mut clusters = Numbers::new();
        let clusters = deals.iter().map(|deal| clusters.of(&deal.peer.cluster)).collect();
        let shares: Vec<Option<f64>> = deals.iter().map(|deal| share(deal)).collect();
        let mut ranked = ranks(&shares.iter().flatten().copied().collect::<Vec<_>>()).into_iter();
        let margins = shares.iter().map(|share| Some(((*share)?, ranked.next()?))).collect();
        Deals { deals, clusters, margins }
    }

    /// A figure of each deal that has one; `met` are the own ones.
    fn values(
        &self,
        (id, by): (&str, &By),
        figure: impl Fn(usize, &Deal) -> Option<f64>,
    ) -> Vec<Value> {
        let mut strata = Numbers::new();
        let deals = self.deals.iter().zip(&self.clusters).enumerate();
        let value = |(place, (deal, cluster)): (usize, (&&'d Deal, &usize))| {
            let sum = figure(place, deal)?;
            let (stratum, met) = (strata.of((by.like)(deal)), (by.whose)(deal) == Some(id));
            Some(Value { subject: *cluster, stratum, met, count: 1.0, sum })
        };
        deals.filter_map(value).collect()
    }

    /// The middle one of the shares that are margin.
    fn margin(&self, is_meant: impl Fn(&Deal) -> bool) -> Option<f64> {
        let deals = self.deals.iter().zip(&self.margins).filter(|(deal, _)| is_meant(deal));
        let mut shares: Vec<f64> =
            deals.filter_map(|(_, margin)| margin.map(|(share, _)| share)).collect();
        shares.sort_unstable_by(f64::total_cmp);
        quantile(&shares, 0.5)
    }
}

/// The share of the amount of a deal that was won that is margin, where both are known.
fn share(deal: &Deal) -> Option<f64> {
    let amount = deal.amount.as_ref().map(Number::to_f64).filter(|amount| *amount > 0.0)?;
    Some(deal.margin.as_ref().filter(|_| deal.won)?.to_f64() / amount)
}

pub(super) fn effort(facts: &Facts) -> EffortYield {
    let is_recent = |deal: &&Deal| deal.closed >= facts.effort_since;
    let deals = Deals::new(facts.deals.iter().filter(is_recent).collect());
    let step = facts.steps.len().checked_sub(2).and_then(|step| facts.steps.get(step));
    let of = |efforts: &[Effort], by: &By| -> Vec<Yield> {
        efforts.iter().map(|effort| yields(effort, &deals, by)).collect()
    };
    EffortYield {
        goal: facts.goal.clone(),
        step: step.cloned(),
        since: facts.effort_since,
        sellers: of(&facts.sellers, &BY_SELLER),
        segments: of(&facts.segments, &BY_SEGMENT),
    }
}

fn yields(effort: &Effort, deals: &Deals<'_>, by: &By) -> Yield {
    let id = effort.id.as_str();
    let won = deals.values((id, by), |_, deal| Some(f64::from(u8::from(deal.won))));
    let ranked = deals.values((id, by), |place, _| deals.margins.get(place)?.map(|(_, rank)| rank));
    let rate = |own: bool| {
        let Side { values, mean, .. } = side(&won, own);
        Rate { hits: (mean.unwrap_or(0.0) * values).round(), of: values }
    };
    // Deals of one customer are alike, which only the one test knows; of few wins, only the other.
    let win_rate =
        against(&won).map(|found| Against { p: found.p.max(fisher(&tables(&won))), ..found });
    let is_own = |deal: &Deal| (by.whose)(deal) == Some(id);
    let (margin, others_margin) = (deals.margin(is_own), deals.margin(|deal| !is_own(deal)));
    let apart = margin.zip(others_margin).map_or(0.0, |(own, others)| own - others);
    // Ranks tell whether; where the middle ones say the opposite, nothing is told.
    let margins = against(&ranked).map(|found| {
        let agree = found.difference * apart > 0.0;
        Against { difference: apart, p: if agree { found.p } else { 1.0 }, ..found }
    });
    Yield {
        id: effort.id.clone(),
        name: effort.name.clone(),
        effort: effort.things,
        won: rate(true),
        interval: rate(true).share().map(|_| rate(true).interval(LEVEL)),
        others: rate(false),
        refused: win_rate.err(),
        win_rate: win_rate.ok(),
        margin,
        others_margin,
        margins: margins.ok(),
        is_without_yield: false,
    }
}

/// Where there are enough customers on both sides.
fn against(values: &[Value]) -> Result<Against, Refusal> {
    let (compared, found) = compare_few(values);
    let found = found?;
    // Where all of one side are the same, the deals of a customer may well be one.
    let p = match found.is_parted() {
        true if found.difference == 0.0 => 1.0,
        true => fisher(&[[(0, compared.met), (compared.missed, compared.missed)]]),
        false => found.p(),
    };
    Ok(Against { difference: found.difference, p, adjusted: 1.0, is_detected: false })
}

/// In each stratum, how many deals were won and of how many, own ones and others.
fn tables(values: &[Value]) -> Vec<[(u64, u64); 2]> {
    let mut tables: BTreeMap<usize, [(u64, u64); 2]> = BTreeMap::new();
    for value in values {
        let [own, others] = tables.entry(value.stratum).or_default();
        let (hits, of) = if value.met { own } else { others };
        *hits += u64::from(value.sum > 0.0);
        *of += 1;
    }
    tables.into_values().collect()
}

impl Against {
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
