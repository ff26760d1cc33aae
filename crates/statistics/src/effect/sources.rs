//! What leads of each source and campaign come to.

use std::collections::BTreeMap;

use kadence::Number;
use kadence::effect::{Facts, Origin};

use super::compare::{LEAST_SUBJECTS, LEVEL};
use super::ranks::{rank_correlation, rank_p};
use super::report::{Carry, Source, Sources};
use crate::Rate;

/// How many sources there must be before it is said whether early quality carries.
const LEAST_SOURCES: u64 = 5;

pub(super) fn sources(facts: &Facts) -> Sources {
    let all: Vec<&Origin> = facts.leads.iter().collect();
    let followed: &[String] = if facts.is_of_leads { &facts.steps } else { &[] };
    let steps = followed.len();
    // Known ones first.
    let mut by_source: BTreeMap<(bool, Option<&str>), Vec<&Origin>> = BTreeMap::new();
    let mut by_campaign: BTreeMap<&str, (Option<&str>, Vec<&Origin>)> = BTreeMap::new();
    for lead in &facts.leads {
        let source = lead.source.as_deref();
        by_source.entry((source.is_none(), source)).or_default().push(lead);
        if let Some((id, name)) = &lead.campaign {
            by_campaign.entry(id).or_insert((name.as_deref(), Vec::new())).1.push(lead);
        }
    }
    let carry = carry(&by_source, followed);
    let of_sources: Vec<Source> =
        by_source.into_iter().map(|((_, id), leads)| source((id, None), &leads, steps)).collect();
    let of_campaigns = by_campaign.into_iter();
    Sources {
        goal: facts.goal.clone(),
        steps: followed.to_vec(),
        all: source((None, None), &all, steps),
        carry,
        sources: of_sources,
        campaigns: of_campaigns
            .map(|(id, (name, leads))| source((Some(id), name), &leads, steps))
            .collect(),
    }
}

fn source((id, name): (Option<&str>, Option<&str>), leads: &[&Origin], steps: usize) -> Source {
    let old: Vec<&&Origin> = leads.iter().filter(|lead| lead.is_old_enough).collect();
    let rate = |did: &dyn Fn(&Origin) -> bool| Rate {
        hits: old.iter().filter(|lead| did(lead)).count() as f64,
        of: old.len() as f64,
    };
    let interval = |rate: Rate| rate.share().map(|_| rate.interval(LEVEL));
    let per_lead = |of: &dyn Fn(&Origin) -> Option<Number>| {
        let sum = old.iter().try_fold(Number::zero(), |sum, lead| Some(sum + of(lead)?))?;
        Some(sum.checked_div(&Number::from(old.len() as u64))?.to_f64())
    };
    let (converted, won) = (rate(&|lead| lead.converted), rate(&|lead| lead.won > 0));
    Source {
        id: id.map(str::to_owned),
        name: name.map(str::to_owned),
        leads: leads.len() as u64,
        old_enough: old.len() as u64,
        converted,
        interval: interval(converted),
        won,
        won_interval: interval(won),
        amount_per_lead: per_lead(&|lead| lead.amount.clone()),
        margin_per_lead: per_lead(&|lead| lead.margin.clone()),
        steps: (0..steps)
            .map(|step| rate(&|lead| lead.steps.get(step).copied().unwrap_or(false)))
            .collect(),
    }
}

/// The share that reaches the second step, beside the share of these that goes on to the last. Beside the
/// share of all, whose chance it has in it, it would seem to carry wherever sources are equal.
fn carry(by_source: &BTreeMap<(bool, Option<&str>), Vec<&Origin>>, steps: &[String]) -> Carry {
    let (early, late) = (1, steps.len().saturating_sub(1));
    let known = by_source.iter().filter(|((is_unknown, _), _)| !is_unknown);
    let enough: Vec<Vec<&Origin>> = known
        .map(|(_, leads)| leads.iter().copied().filter(|lead| lead.is_old_enough).collect())
        .filter(|leads: &Vec<&Origin>| leads.len() as u64 >= LEAST_SUBJECTS)
        .collect();
    let shares = |leads: &Vec<&Origin>| {
        let reached = |lead: &Origin, step: usize| lead.steps.get(step).copied().unwrap_or(false);
        let early: Vec<&&Origin> = leads.iter().filter(|lead| reached(lead, early)).collect();
        let on = Rate {
            hits: early.iter().filter(|lead| reached(lead, late)).count() as f64,
            of: early.len() as f64,
        };
        Some((early.len() as f64 / leads.len() as f64, on.share()?))
    };
    let pairs: Vec<(f64, f64)> = enough.iter().filter_map(shares).collect();
    let is_possible = early < late && pairs.len() as u64 >= LEAST_SOURCES;
    Carry {
        early: steps.get(early).filter(|_| early < late).cloned(),
        late: steps.get(late).filter(|_| early < late).cloned(),
        sources: pairs.len() as u64,
        needed: LEAST_SOURCES,
        leads_needed: LEAST_SUBJECTS,
        correlation: rank_correlation(&pairs).filter(|_| is_possible),
        p: rank_p(&pairs).filter(|_| is_possible),
    }
}
