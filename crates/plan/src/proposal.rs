//! What a solver is asked of one seller, and what the rules say of its answer.

use std::collections::{BTreeMap, BTreeSet};

use kadence::worklist::rehearsal::{Home, Lost};
use kadence::{Activity, Number};

use crate::diary::{Diary, Hours};
use crate::planner::{Act, Planner};
use crate::probe::{Effect, Gain, Key, Tried, key};
use crate::program::{Answer, Cell, Cut, Offer, Program, Together, Wanted};

/// After how many bookings that do not keep a verdict it is left.
const MOST_CUTS: usize = 7;

/// A program, and what its parts stand for.
pub(crate) struct Proposal<'t> {
    pub(crate) seller: String,
    pub(crate) program: Program,
    pub(crate) answer: Answer,
    pub(crate) acts: Vec<Act>,
    /// Of each verdict, its place among those that are wanted.
    pub(crate) wanted: Vec<usize>,
    /// Of each offer: what was tried, and its kinds, the chosen one first.
    pub(crate) of: Vec<(&'t Tried, Vec<String>)>,
    pub(crate) weights: Vec<Number>,
}

impl<'t> Proposal<'t> {
    pub(crate) fn new(
        planner: &Planner<'_>,
        (seller, diary): (&str, &Diary),
        hours: &Hours<'_>,
        tried: &[&'t Tried],
        wanted: &[Lost],
        needs: &BTreeMap<usize, Number>,
        order: impl Fn(&[String]) -> Vec<String>,
    ) -> Self {
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let mut proposal = Proposal {
            seller: seller.to_owned(),
            program: Program::default(),
            answer: Answer::default(),
            acts: Vec::new(),
            wanted: Vec::new(),
            of: Vec::new(),
            weights: Vec::new(),
        };
        let all =
            tried.iter().flat_map(|one| one.effects()).flat_map(|(_, _, effect)| &effect.gains);
        for (place, _) in all {
            let (Some(lost), Some(need)) = (wanted.get(*place), needs.get(place)) else { continue };
            places.entry(*place).or_insert_with(|| {
                let weight = planner.weight(lost);
                let (weight, need) = (weight.to_f64(), need.to_f64());
                proposal.weights.push(planner.weight(lost));
                proposal.wanted.push(*place);
                proposal.program.verdicts.push(Wanted { weight, need });
                proposal.program.verdicts.len() - 1
            });
        }
        let mut homes: Vec<Home> = tried.iter().map(|one| one.of.home).collect();
        homes.dedup();
        for one in tried {
            let kinds = order(&one.of.kinds);
            let minutes =
                kinds.first().map_or(planner.ask.minutes, |kind| planner.lengths.minutes(kind));
            let mut most = 1_u32;
            let cell = |(day, slot, effect): (usize, Option<u32>, &Effect)| {
                let mut gains = Vec::new();
                for (place, gain) in &effect.gains {
                    let (Some(verdict), Some(need)) = (places.get(place), needs.get(place)) else {
                        continue;
                    };
                    let gain = match gain {
                        Gain::All => need.clone(),
                        Gain::Part(part) => part.clone().min(need.clone()),
                    };
                    let times = need.checked_div(&gain).map(|times| -(-times).floor());
                    let times = times.and_then(|times| times.to_string().parse::<u32>().ok());
                    most = most.max(times.unwrap_or(1));
                    gains.push((*verdict, gain.to_f64()));
                }
                if gains.is_empty() {
                    return None;
                }
                let weights = effect.harms.iter().filter_map(|rule| planner.weights.get(*rule));
                let due = effect.gains.iter().filter_map(|(place, _)| {
                    let lost = wanted.get(*place).filter(|lost| lost.is_standing)?;
                    planner.due.get(&(lost.rule, lost.subject.clone())).copied()
                });
                let date = diary.days.get(day)?.date;
                let later = one.later.get(&day).map(|(slot, _)| slot.saturating_sub(1));
                let last = one.last.get(&day).copied().or(later).unwrap_or(u32::MAX);
                let starts = match slot {
                    Some(slot) => slot..=u32::MAX,
                    None => hours.first(seller, one.of.about.first()?, day)?..=last,
                };
                Some(Cell {
                    day,
                    starts,
                    gains,
                    harm: weights.map(Number::to_f64).sum(),
                    is_late: due.min().is_some_and(|due| date > due),
                })
            };
            let cells: Vec<Cell> = one.effects().filter_map(cell).collect();
            let home = homes.iter().position(|home| *home == one.of.home).unwrap_or(0);
            proposal.program.offers.push(Offer {
                home,
                slots: planner.lengths.slots(minutes),
                minutes,
                most,
                is_spread: one.of.home.is_seller() && one.of.about.len() as u64 >= most.into(),
                is_open: one.of.home.is_seller() && one.of.about.iter().all(is_with_nobody),
                cells,
            });
            proposal.of.push((one, kinds));
        }
        proposal
    }

    /// What the rules say of the acts together, where the solver thought otherwise.
    pub(crate) fn cuts(
        &self,
        planner: &Planner<'_>,
        before: &[Lost],
        wanted: &[Lost],
        after: &[Lost],
    ) -> Vec<Cut> {
        let still: BTreeSet<Key> = after.iter().map(key).collect();
        let picked = |is_meant: &dyn Fn(&Offer, &Cell, &Tried) -> bool| {
            let mut acts: BTreeMap<(usize, usize), u32> = BTreeMap::new();
            for pick in &self.answer.picks {
                let offer = self.program.offers.get(pick.offer);
                let cell = offer.and_then(|offer| offer.cells.get(pick.cell));
                let of = self.of.get(pick.offer);
                if let (Some(offer), Some(cell), Some((tried, _))) = (offer, cell, of)
                    && is_meant(offer, cell, tried)
                {
                    *acts.entry((pick.offer, pick.cell)).or_default() += pick.times;
                }
            }
            acts
        };
        let mut cuts = Vec::new();
        let thought = self.answer.keeps.iter().zip(&self.wanted).enumerate();
        for (verdict, _) in thought.filter(|(_, (keeps, place))| {
            **keeps && wanted.get(**place).is_some_and(|lost| still.contains(&key(lost)))
        }) {
            let brings = |cell: &Cell| cell.gains.iter().any(|(one, _)| *one == verdict);
            let acts = picked(&|_, cell, _| brings(cell));
            let is_same =
                |cut: &&Cut| matches!(cut.what, Together::DoNotKeep(one) if one == verdict);
            let what = match self.program.cuts.iter().filter(is_same).count() {
                MOST_CUTS => Together::Leave(verdict),
                _ => Together::DoNotKeep(verdict),
            };
            cuts.push(Cut { what, acts });
        }
        let was: BTreeSet<Key> = before.iter().map(key).collect();
        let mut lost: BTreeMap<Home, Number> = BTreeMap::new();
        for one in after.iter().filter(|one| !was.contains(&key(one))) {
            if let Some(home) = one.home {
                let weight = lost.entry(home).or_insert_with(Number::zero);
                *weight = &*weight + &planner.weight(one);
            }
        }
        for (home, weight) in lost {
            let of_home = |_: &Offer, _: &Cell, tried: &Tried| tried.of.home == home;
            let acts = picked(&of_home);
            let known: f64 = acts
                .keys()
                .filter_map(|(offer, cell)| self.program.offers.get(*offer)?.cells.get(*cell))
                .map(|cell| cell.harm)
                .sum();
            let more = weight.to_f64() - known;
            if acts.values().sum::<u32>() > 1 && more > 1e-6 {
                cuts.push(Cut { what: Together::Lose(more), acts });
            }
        }
        cuts
    }

    /// The greatest sum of weights that a bound allows, exactly: where all weigh whole numbers, one.
    pub(crate) fn exact(&self, most: f64) -> Number {
        let all = self.weights.iter().fold(Number::zero(), |sum, one| sum + one.clone());
        let sum: f64 = self.program.verdicts.iter().map(|one| one.weight).sum();
        if most + 1e-6 >= sum {
            return all;
        }
        let are_whole = self.weights.iter().all(|one| one.floor() == *one);
        let scale = if are_whole { 1.0 } else { 100.0 };
        let whole = (most * scale + 1e-4).floor().max(0.0) as i64;
        (Number::from(whole) / Number::from(scale as i64)).min(all)
    }
}

/// Whether it is left open with whom an act is.
fn is_with_nobody(about: &Activity) -> bool {
    about.customer.is_none() && about.lead.is_none() && about.opportunity.is_none()
}
