//! A round: acts are tried, proposed by the solver, judged together, and booked where that does good.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use kadence::worklist::rehearsal::{Home, Lost, Try};
use kadence::{Activity, Number};

use crate::ask::PlanError;
use crate::planner::{Act, Planner, Room, each};
use crate::probe::{Gain, Key, Probe, Tried, key};
use crate::proposal::Proposal;

/// How often what acts do together is found out at most, in each round.
const CUTS: usize = 12;

/// What came of a round.
pub(crate) struct Round {
    /// By seller: nothing that was tried keeps more of what was lost before.
    pub(crate) bounds: BTreeMap<String, Number>,
    /// Where something was booked or tried in vain: another round may do more there.
    pub(crate) touched: BTreeSet<Home>,
    /// What was lost before it.
    pub(crate) wanted: BTreeSet<Key>,
}

impl Planner<'_> {
    /// Proposes, books what does good, and judges again.
    pub(crate) fn round(
        &mut self,
        day: NaiveDate,
        is_meant: impl Fn(&Lost) -> bool,
    ) -> Result<Round, PlanError> {
        let lost = self.lost(day)?;
        let wanted: Vec<Lost> = lost
            .iter()
            .filter(|one| is_meant(one) && !self.hopeless.contains(&key(one)))
            .cloned()
            .collect();
        let of_round = wanted.iter().map(key).collect();
        let tried = self.tried(day, &wanted)?;
        self.remember(&wanted, &tried);
        let needs = self.needs(day, &wanted, &tried)?;
        let mut by_seller: BTreeMap<&str, Vec<&Tried>> = BTreeMap::new();
        for one in &tried {
            by_seller.entry(&one.seller).or_default().push(one);
        }
        // Sellers share nothing but the rules: each has a program of its own.
        let by_seller: Vec<(&str, Vec<&Tried>)> = by_seller.into_iter().collect();
        let proposed =
            each(by_seller, |(seller, tried)| self.propose(seller, &tried, &wanted, &needs));
        let mut proposals: Vec<Proposal<'_>> = proposed.into_iter().flatten().collect();
        // The solver takes acts to bring what each brings alone; the rules judge them together.
        let mut judged = None;
        for _ in 0..CUTS {
            let acts: Vec<Activity> = proposals
                .iter()
                .flat_map(|one| &one.acts)
                .map(|act| act.activity.clone())
                .collect();
            if acts.is_empty() {
                break;
            }
            let after = self.rehearsal.lost(day, &acts)?;
            let thought = each(proposals.iter_mut().collect(), |proposal| {
                let cuts = proposal.cuts(self, &lost, &wanted, &after);
                let is_as_thought = cuts.is_empty();
                if !is_as_thought {
                    proposal.program.cuts.extend(cuts);
                    self.solve(proposal, &wanted);
                }
                is_as_thought
            });
            let is_as_thought = thought.into_iter().all(|one| one);
            judged = Some(after);
            if is_as_thought {
                break;
            }
            judged = None;
        }
        let bounds: BTreeMap<String, Number> =
            proposals.iter().map(|one| (one.seller.clone(), one.exact(one.answer.most))).collect();
        let mut acts: Vec<Act> = proposals.into_iter().flat_map(|one| one.acts).collect();
        if acts.is_empty() {
            return Ok(Round { bounds, touched: BTreeSet::new(), wanted: of_round });
        }
        let after = match judged {
            Some(after) => after,
            None => {
                let activities: Vec<Activity> =
                    acts.iter().map(|act| act.activity.clone()).collect();
                self.rehearsal.lost(day, &activities)?
            }
        };
        // What an act serves that is lost in spite of it is no reason to do it.
        let still: BTreeSet<Key> = after.iter().map(key).collect();
        acts.retain(|act| act.serves.iter().any(|one| !still.contains(&key(one))));
        let homes: HashMap<String, Home> =
            acts.iter().map(|act| (act.activity.id.clone(), act.home)).collect();
        let of_home = |lost: &[Lost]| {
            let mut weights: BTreeMap<Option<Home>, Number> = BTreeMap::new();
            for one in lost {
                let home = homes.get(&one.subject).copied().or(one.home);
                let weight = weights.entry(home).or_insert_with(Number::zero);
                *weight = &*weight + &self.weight(one);
            }
            weights
        };
        let (before, then) = (of_home(&lost), of_home(&after));
        let is_better = |home: Home| {
            let zero = Number::zero();
            let before = before.get(&Some(home)).unwrap_or(&zero);
            then.get(&Some(home)).unwrap_or(&zero) < before
        };
        let mut verdicts: BTreeMap<Home, bool> = BTreeMap::new();
        acts.retain(|act| *verdicts.entry(act.home).or_insert_with(|| is_better(act.home)));
        let failed: BTreeSet<Home> = verdicts
            .into_iter()
            .filter(|(_, is_better)| !is_better)
            .map(|(home, _)| home)
            .collect();
        self.hopeless.extend(
            wanted
                .iter()
                .filter(|one| one.home.is_some_and(|home| failed.contains(&home)))
                .map(key),
        );
        if acts.is_empty() {
            return Ok(Round { bounds, touched: failed, wanted: of_round });
        }
        let touched = acts.iter().map(|act| act.home).chain(failed).collect();
        self.book(acts)?;
        Ok(Round { bounds, touched, wanted: of_round })
    }

    /// Tries what could serve.
    fn tried(&self, day: NaiveDate, wanted: &[Lost]) -> Result<Vec<Tried>, PlanError> {
        let tries = self.rehearsal.tries(wanted).into_iter();
        let with_time = |mut of: Try| {
            of.kinds.retain(|kind| !self.avoided.contains(&(of.home, kind.clone())));
            let seller = of.seller.clone().filter(|seller| self.diaries.contains_key(seller))?;
            let kind = self.kinds(&of.kinds).first()?.clone();
            Some((of, seller, kind))
        };
        let probe = Probe::new(&self.rehearsal, day, wanted, (&self.lengths, &self.prefix));
        let tries: Vec<_> = tries.filter_map(with_time).collect();
        let mut tried = probe.run(tries, &self.hours())?;
        // Where the usual kind does harm, each of the others may do less.
        let does_harm = |one: &&Tried| {
            let mut good = one
                .effects()
                .map(|(_, _, effect)| effect)
                .filter(|effect| !effect.gains.is_empty())
                .peekable();
            good.peek().is_some() && good.all(|effect| !effect.harms.is_empty())
        };
        let harmful: Vec<&Tried> = tried.iter().filter(does_harm).collect();
        let others = harmful.iter().flat_map(|one| {
            let others = one.of.kinds.iter().filter(|kind| **kind != one.kind);
            others.map(|kind| {
                let of = Try { kinds: vec![kind.clone()], ..one.of.clone() };
                (of, one.seller.clone(), kind.clone())
            })
        });
        let more = probe.run(others.collect(), &self.hours())?;
        tried.extend(more);
        tried.retain(|one| one.effects().any(|(_, _, effect)| !effect.gains.is_empty()));
        Ok(tried)
    }

    /// The kinds that people do most come first, of those the shortest.
    pub(crate) fn kinds(&self, kinds: &[String]) -> Vec<String> {
        let mut kinds = kinds.to_vec();
        kinds.sort_by_cached_key(|kind| {
            let done = self.usual.get(kind).copied().unwrap_or(0);
            (std::cmp::Reverse(done), self.lengths.minutes(kind), kind.clone())
        });
        kinds
    }

    /// Which verdicts acts can serve, and which they cannot.
    fn remember(&mut self, wanted: &[Lost], tried: &[Tried]) {
        let mut served: BTreeMap<usize, BTreeSet<Room>> = BTreeMap::new();
        let hours = self.hours();
        for one in tried {
            let minutes = one.of.kinds.iter().map(|kind| self.lengths.minutes(kind)).min();
            let minutes = minutes.unwrap_or(self.ask.minutes);
            for (day, slot, effect) in one.effects() {
                let first = one.of.about.first();
                let first = first.and_then(|about| hours.first(&one.seller, about, day));
                let last = one.last.get(&day).copied().unwrap_or(u32::MAX);
                let room = Room {
                    seller: one.seller.clone(),
                    day,
                    starts: slot.map_or((first.unwrap_or(0), last), |slot| (slot, u32::MAX)),
                    slots: self.lengths.slots(minutes),
                    minutes,
                };
                for (place, _) in &effect.gains {
                    served.entry(*place).or_default().insert(room.clone());
                }
            }
        }
        // Whether something brings a verdict nearer that does no harm.
        let mut is_harmless: BTreeMap<usize, bool> = BTreeMap::new();
        for (_, _, effect) in tried.iter().flat_map(Tried::effects) {
            for (place, _) in &effect.gains {
                *is_harmless.entry(*place).or_default() |= effect.harms.is_empty();
            }
        }
        for (place, one) in wanted.iter().enumerate() {
            if is_harmless.get(&place) == Some(&false) {
                self.costly.insert(key(one));
            }
            match served.remove(&place) {
                Some(rooms) => self.served.entry(key(one)).or_default().extend(rooms),
                None => {
                    self.hopeless.insert(key(one));
                }
            }
        }
    }

    /// How much each verdict needs, in what acts bring it: all that is missing, or of a period that is
    /// running still, as much as makes it on track.
    fn needs(
        &self,
        day: NaiveDate,
        wanted: &[Lost],
        tried: &[Tried],
    ) -> Result<BTreeMap<usize, Number>, PlanError> {
        let mut least: BTreeMap<usize, (Number, &Tried)> = BTreeMap::new();
        let mut needs = BTreeMap::new();
        for one in tried {
            for (place, gain) in one.effects().flat_map(|(_, _, effect)| &effect.gains) {
                needs.entry(*place).or_insert_with(|| Number::from(1));
                if let Gain::Part(part) = gain
                    && least.get(place).is_none_or(|(least, _)| part < least)
                {
                    least.insert(*place, (part.clone(), one));
                }
            }
        }
        let mut asked = Vec::new();
        for (place, (part, one)) in &least {
            let Some(lost) = wanted.get(*place) else { continue };
            let missing = lost.missing.clone().unwrap_or_else(|| part.clone());
            let is_running = lost.period.is_none_or(|period| period.to > day);
            needs.insert(*place, missing.clone());
            let count = missing.checked_div(part).map(|count| -(-count).floor());
            let count = count.and_then(|count| count.to_string().parse::<u32>().ok()).unwrap_or(1);
            if is_running && count > 1 {
                asked.push((*place, *one, count));
            }
        }
        let probe = Probe::new(&self.rehearsal, day, wanted, (&self.lengths, &self.prefix));
        let enough = probe.enough(&asked, &self.hours())?;
        for (place, count) in enough {
            if let (Some((part, _)), Some(need)) = (least.get(&place), needs.get_mut(&place)) {
                let all = part.clone() * Number::from(count);
                *need = all.min(need.clone());
            }
        }
        Ok(needs)
    }

    /// What one seller should do, by the solver.
    fn propose<'t>(
        &self,
        seller: &str,
        tried: &[&'t Tried],
        wanted: &[Lost],
        needs: &BTreeMap<usize, Number>,
    ) -> Option<Proposal<'t>> {
        let diary = self.diaries.get(seller)?;
        let hours = self.hours();
        let usual = |kinds: &[String]| self.kinds(kinds);
        let mut chosen = Proposal::new(self, (seller, diary), &hours, tried, wanted, needs, usual);
        self.solve(&mut chosen, wanted);
        let all: f64 = chosen.program.verdicts.iter().map(|one| one.weight).sum();
        if chosen.answer.kept + 1e-6 < all {
            // Where time is short, the shortest kinds are taken.
            let shortest = |kinds: &[String]| {
                let mut kinds = self.kinds(kinds);
                kinds.sort_by_key(|kind| self.lengths.minutes(kind));
                kinds
            };
            let mut short =
                Proposal::new(self, (seller, diary), &hours, tried, wanted, needs, shortest);
            self.solve(&mut short, wanted);
            if short.answer.kept > chosen.answer.kept + 1e-6 {
                chosen = short;
            } else {
                chosen.answer.most = chosen.answer.most.max(short.answer.most);
            }
        }
        Some(chosen)
    }

    fn solve(&self, proposal: &mut Proposal<'_>, wanted: &[Lost]) {
        let Some(diary) = self.diaries.get(&proposal.seller) else { return };
        proposal.answer = proposal.program.solve(&diary.days);
        proposal.acts = self.acts_of(&proposal.seller, diary, proposal, &proposal.answer, wanted);
    }
}
