//! From what will be lost to what is booked, in rounds: acts are proposed, booked, and all is judged
//! again with them; what asks again then, a follow-up of a meeting that was booked say, is for the next
//! round.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use kadence::worklist::rehearsal::{Home, Lost, Rehearsal, Try};
use kadence::{Activity, Dataset, Noun, Number, Options, RuleSet, diagnostic::nearest};

use crate::ask::{Ask, FARTHEST, PlanError};
use crate::diary::{Diary, Lengths, diaries, slot_start, slots_of_day};
use crate::id;
use crate::place::with_whom;
use crate::probe::{Gain, Key, Probe, Tried, key};
use crate::proposal::{Placed, Proposal};
use crate::schedule::{Kept, Why};

/// How often it is booked and judged again at most, for each day that is looked at.
const ROUNDS: usize = 8;

/// How often what acts do together is found out at most, in each round.
const CUTS: usize = 12;

/// An act that is booked.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    /// As it stands in the data.
    pub(crate) activity: Activity,
    pub(crate) start: NaiveDateTime,
    pub(crate) minutes: u32,
    pub(crate) home: Home,
    pub(crate) seller: String,
    pub(crate) or: Vec<String>,
    pub(crate) by: Option<NaiveDate>,
    /// What it was booked for.
    pub(crate) serves: Vec<Lost>,
}

/// Everything that a plan is made with.
pub(crate) struct Planner<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) rehearsal: Rehearsal<'a>,
    pub(crate) diaries: BTreeMap<String, Diary>,
    pub(crate) booked: Vec<Act>,
    pub(crate) weights: Vec<Number>,
    pub(crate) nouns: Vec<Noun>,
    pub(crate) ids: Vec<String>,
    pub(crate) by_seller: BTreeMap<String, Kept>,
    pub(crate) hours: Number,
    pub(crate) lengths: Lengths,
    /// How many of each kind were done: those are preferred that people do.
    usual: HashMap<String, u64>,
    prefix: String,
    /// The ids of acts of this plan, and of those that came before.
    pub(crate) taken: HashSet<String>,
    /// With whom or about what something is booked.
    pub(crate) with: HashSet<(Noun, String)>,
    /// What acts can serve, and where: seller, day, slots and minutes.
    served: BTreeMap<Key, BTreeSet<(String, usize, u32, u32)>>,
    /// What acts could serve on days on which the seller is not there.
    missed: BTreeSet<Key>,
    /// What no act was found for as things stand.
    hopeless: BTreeSet<Key>,
    /// The last day by which what can be lost again has to be served.
    pub(crate) due: HashMap<(usize, String), NaiveDate>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(
        rules: &'a RuleSet,
        data: &Dataset,
        options: &Options,
        ask: &'a Ask,
    ) -> Result<Self, PlanError> {
        if let Some(seller) = &ask.seller
            && data.find(Noun::Seller, seller).is_none()
        {
            let ids = data.items(Noun::Seller).map(|item| data.id(item));
            let nearest = nearest(seller, ids).map(str::to_owned);
            return Err(PlanError::UnknownSeller { written: seller.clone(), nearest });
        }
        if ask.slot < 5 || slots_of_day(ask) == 0 {
            let Ask { starts, ends, slot, .. } = *ask;
            return Err(PlanError::NoSlot { starts, ends, slot });
        }
        let rehearsal = Rehearsal::new(rules, data, options)?;
        let first = rehearsal.first_open_day();
        if ask.until < first {
            return Err(PlanError::Past { until: ask.until, first });
        }
        let farthest = first + TimeDelta::days(FARTHEST - 1);
        if ask.until > farthest {
            return Err(PlanError::TooFarAhead { until: ask.until, farthest });
        }
        // What one rule asks is not looked at: only hours and minutes are.
        let only = rules.rules().take(1).map(|rule| rule.id).collect();
        let found = rules.feasibility(data, &Options { only, ..options.clone() }, Some(first))?;
        let hours = ask.hours.clone().unwrap_or_else(|| found.hours_per_workday.clone());
        if hours.is_negative() || hours > Number::from(24) {
            return Err(PlanError::NoSuchDay(hours));
        }
        let lengths = Lengths::new(&found, ask);
        let mut prefix = "act".to_owned();
        while data.items(Noun::Activity).any(|item| data.id(item).starts_with(&prefix)) {
            prefix.push('+');
        }
        let mut usual: HashMap<String, u64> = HashMap::new();
        if let Some(kind) = data.schema().field_ref(Noun::Activity, "kind") {
            for item in data.items(Noun::Activity) {
                if let kadence::internals::Value::Text(kind) = data.value(item, kind) {
                    *usual.entry(kind.to_string()).or_default() += 1;
                }
            }
        }
        let ids = data.items(Noun::Activity).map(|item| data.id(item));
        let taken = ids.filter(|id| id.starts_with(id::START)).map(str::to_owned).collect();
        let infos: Vec<_> = rehearsal.rules().collect();
        let noun = |name: &str| Noun::ALL.into_iter().find(|noun| noun.singular() == name);
        let diaries = diaries(data, &rehearsal, ask, &lengths, &hours);
        Ok(Planner {
            ask,
            diaries,
            booked: Vec::new(),
            weights: infos.iter().map(|rule| rule.weight.clone()).collect(),
            nouns: infos.iter().map(|rule| noun(&rule.subject).unwrap_or(Noun::Company)).collect(),
            ids: infos.into_iter().map(|rule| rule.id).collect(),
            by_seller: BTreeMap::new(),
            hours,
            lengths,
            usual,
            prefix,
            taken,
            with: HashSet::new(),
            served: BTreeMap::new(),
            missed: BTreeSet::new(),
            hopeless: BTreeSet::new(),
            due: HashMap::new(),
            rehearsal,
        })
    }

    /// Books, and says what is lost in spite of it.
    pub(crate) fn run(&mut self) -> Result<Vec<Lost>, PlanError> {
        let until = self.ask.until;
        let at_first = self.lost(until)?;
        let checks = self.checks();
        for day in checks.iter().rev() {
            for lost in self.lost(*day)?.into_iter().filter(|lost| lost.is_standing) {
                self.due.insert((lost.rule, lost.subject), *day);
            }
        }
        let mut most: BTreeMap<String, Number> = BTreeMap::new();
        for round in 0..ROUNDS {
            let Round { bounds, goes_on } = self.round(until, |_| true)?;
            if round == 0 {
                most = bounds;
            }
            if !goes_on {
                break;
            }
        }
        // What can be lost again is kept on the way too, as far as there is time left.
        for day in &checks {
            self.hopeless.clear();
            for _ in 0..ROUNDS {
                if !self.round(*day, |lost| lost.is_standing)?.goes_on {
                    break;
                }
            }
        }
        let lost = self.lost(until)?;
        self.weigh(&at_first, &lost, &most);
        self.hopeless.clear();
        self.look_elsewhere(&lost)?;
        Ok(lost)
    }

    /// Why something is not in the plan.
    pub(crate) fn why(&self, lost: &Lost) -> Why {
        let is_there = lost.owner.as_ref().is_some_and(|owner| {
            self.diaries.get(owner).is_some_and(|diary| !diary.days.is_empty())
        });
        let key = key(lost);
        match (lost.home, &lost.owner) {
            (None, _) => Why::Shared,
            (Some(_), None) => Why::Nobodys,
            _ if self.has_room(&key) => Why::NotEnough,
            _ if self.served.contains_key(&key) => Why::NoTime,
            _ if !is_there || self.missed.contains(&key) => Why::NotThere,
            _ => Why::NoAct,
        }
    }

    /// What is lost on a day, of whom the plan is for.
    fn lost(&self, day: NaiveDate) -> Result<Vec<Lost>, PlanError> {
        let mut lost = self.rehearsal.lost(day, &[])?;
        if let Some(seller) = &self.ask.seller {
            lost.retain(|one| one.owner.as_ref() == Some(seller));
        }
        Ok(lost)
    }

    /// The last days of the weeks on the way.
    fn checks(&self) -> Vec<NaiveDate> {
        let calendar = self.rehearsal.calendar();
        let week = |day| calendar.period(kadence::internals::calendar::Unit::Week, day).last;
        let mut day = week(self.rehearsal.first_open_day());
        let mut days = Vec::new();
        while day < self.ask.until {
            days.push(day);
            day += TimeDelta::days(7);
        }
        days
    }

    pub(crate) fn weight(&self, lost: &Lost) -> Number {
        self.weights.get(lost.rule).cloned().unwrap_or_else(Number::zero)
    }

    /// Proposes, books what does good, and judges again.
    fn round(
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
                .map(|(act, _)| act.activity.clone())
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
        let mut acts: Vec<Placed> = proposals.into_iter().flat_map(|one| one.acts).collect();
        if acts.is_empty() {
            return Ok(Round { bounds, goes_on: false });
        }
        let after = match judged {
            Some(after) => after,
            None => {
                let activities: Vec<Activity> =
                    acts.iter().map(|(act, _)| act.activity.clone()).collect();
                self.rehearsal.lost(day, &activities)?
            }
        };
        // What an act serves that is lost in spite of it is no reason to do it.
        let still: BTreeSet<Key> = after.iter().map(key).collect();
        acts.retain(|(act, _)| act.serves.iter().any(|one| !still.contains(&key(one))));
        let homes: HashMap<String, Home> =
            acts.iter().map(|(act, _)| (act.activity.id.clone(), act.home)).collect();
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
        acts.retain(|(act, _)| *verdicts.entry(act.home).or_insert_with(|| is_better(act.home)));
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
            return Ok(Round { bounds, goes_on: !failed.is_empty() });
        }
        let activities: Vec<Activity> = acts.iter().map(|(act, _)| act.activity.clone()).collect();
        self.rehearsal.book(&activities)?;
        for (act, (day, slot, slots, minutes)) in acts {
            if let Some(diary) = self.diaries.get_mut(&act.seller) {
                diary.book(day, slot, slots, minutes);
            }
            self.taken.insert(act.activity.id.clone());
            self.with.extend(with_whom(&act.activity));
            self.booked.push(act);
        }
        Ok(Round { bounds, goes_on: true })
    }

    /// Tries what could serve.
    fn tried(&self, day: NaiveDate, wanted: &[Lost]) -> Result<Vec<Tried>, PlanError> {
        let tries = self.rehearsal.tries(wanted).into_iter();
        let with_time = |of: Try| {
            let seller = of.seller.clone().filter(|seller| self.diaries.contains_key(seller))?;
            let kind = self.kinds(&of.kinds).first()?.clone();
            Some((of, seller, kind))
        };
        let probe = Probe::new(&self.rehearsal, day, wanted, &self.prefix);
        let tries: Vec<_> = tries.filter_map(with_time).collect();
        let mut tried = probe.run(tries, &self.diaries, |diary, day| self.at(diary, day))?;
        // Where the usual kind does harm, each of the others may do less.
        let does_harm = |one: &&Tried| {
            let mut good = one.on.values().filter(|effect| !effect.gains.is_empty()).peekable();
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
        let more = probe.run(others.collect(), &self.diaries, |diary, day| self.at(diary, day))?;
        tried.extend(more);
        tried.retain(|one| one.on.values().any(|effect| !effect.gains.is_empty()));
        Ok(tried)
    }

    /// The kinds that people do most come first, of those the shortest.
    fn kinds(&self, kinds: &[String]) -> Vec<String> {
        let mut kinds = kinds.to_vec();
        kinds.sort_by_cached_key(|kind| {
            let done = self.usual.get(kind).copied().unwrap_or(0);
            (std::cmp::Reverse(done), self.lengths.minutes(kind), kind.clone())
        });
        kinds
    }

    /// When an act would start on a day.
    fn at(&self, diary: &Diary, day: usize) -> NaiveDateTime {
        let day = diary.days.get(day);
        let date = day.map_or(self.ask.until, |day| day.date);
        let slot = day.and_then(|day| day.gaps.first()).map_or(0, |gap| gap.start);
        slot_start(self.ask, date, slot)
    }

    /// Which verdicts acts can serve, and which they cannot.
    fn remember(&mut self, wanted: &[Lost], tried: &[Tried]) {
        let mut served: BTreeMap<usize, BTreeSet<(String, usize, u32, u32)>> = BTreeMap::new();
        for one in tried {
            let minutes = one.of.kinds.iter().map(|kind| self.lengths.minutes(kind)).min();
            let minutes = minutes.unwrap_or(self.ask.minutes);
            for (day, effect) in &one.on {
                let cell = (one.seller.clone(), *day, self.lengths.slots(minutes), minutes);
                for (place, _) in &effect.gains {
                    served.entry(*place).or_default().insert(cell.clone());
                }
            }
        }
        for (place, one) in wanted.iter().enumerate() {
            match served.remove(&place) {
                Some(cells) => self.served.entry(key(one)).or_default().extend(cells),
                None => {
                    self.hopeless.insert(key(one));
                }
            }
        }
    }

    /// Whether there is time left for an act that would serve.
    fn has_room(&self, key: &Key) -> bool {
        let is_free = |(seller, day, slots, minutes): &(String, usize, u32, u32)| {
            let day = self.diaries.get(seller).and_then(|diary| diary.days.get(*day));
            day.is_some_and(|day| {
                day.minutes >= i64::from(*minutes) && day.gaps.iter().any(|gap| gap.slots >= *slots)
            })
        };
        self.served.get(key).is_some_and(|cells| cells.iter().any(is_free))
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
            for (place, gain) in one.on.values().flat_map(|effect| &effect.gains) {
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
        let probe = Probe::new(&self.rehearsal, day, wanted, &self.prefix);
        let enough = probe.enough(&asked, &self.diaries, |diary, day| self.at(diary, day))?;
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
        let usual = |kinds: &[String]| self.kinds(kinds);
        let mut chosen = Proposal::new(self, (seller, diary), tried, wanted, needs, usual);
        self.solve(&mut chosen, wanted);
        let all: f64 = chosen.program.verdicts.iter().map(|one| one.weight).sum();
        if chosen.answer.kept + 1e-6 < all {
            // Where time is short, the shortest kinds are taken.
            let shortest = |kinds: &[String]| {
                let mut kinds = self.kinds(kinds);
                kinds.sort_by_key(|kind| self.lengths.minutes(kind));
                kinds
            };
            let mut short = Proposal::new(self, (seller, diary), tried, wanted, needs, shortest);
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
        proposal.acts = self.acts(&proposal.seller, diary, proposal, &proposal.answer, wanted);
    }

    /// The id of the rule of a verdict.
    pub(crate) fn rule(&self, lost: &Lost) -> &str {
        self.ids.get(lost.rule).map_or("", String::as_str)
    }

    /// What the verdicts of each seller weigh that acts can serve, and what is kept.
    fn weigh(&mut self, at_first: &[Lost], lost: &[Lost], most: &BTreeMap<String, Number>) {
        let still: BTreeSet<Key> = lost.iter().map(key).collect();
        let mut by_seller: BTreeMap<String, Kept> = BTreeMap::new();
        for one in at_first.iter().filter(|one| self.served.contains_key(&key(one))) {
            let Some(owner) = &one.owner else { continue };
            let kept = by_seller.entry(owner.clone()).or_default();
            let weight = self.weight(one);
            kept.asked = &kept.asked + &weight;
            if !still.contains(&key(one)) {
                kept.kept = &kept.kept + &weight;
            }
        }
        for (seller, kept) in &mut by_seller {
            let most = most.get(seller).unwrap_or(&kept.asked);
            kept.most = most.clone().min(kept.asked.clone()).max(kept.kept.clone());
        }
        self.by_seller = by_seller;
    }

    /// Whether acts on days on which sellers are not there would serve what is lost.
    fn look_elsewhere(&mut self, lost: &[Lost]) -> Result<(), PlanError> {
        let wanted: Vec<Lost> =
            lost.iter().filter(|one| !self.served.contains_key(&key(one))).cloned().collect();
        let (first, until) = (self.rehearsal.first_open_day(), self.ask.until);
        let half = first + TimeDelta::days((until - first).num_days() / 2);
        let mut everywhere = self.diaries.clone();
        let next = until.succ_opt().unwrap_or(until);
        for diary in everywhere.values_mut() {
            *diary = Diary::of_days([first, half, until, next]);
        }
        let probe = Probe::new(&self.rehearsal, until, &wanted, &self.prefix);
        let tries = self.rehearsal.tries(&wanted).into_iter().filter_map(|of| {
            let seller = of.seller.clone().filter(|seller| everywhere.contains_key(seller))?;
            let kind = of.kinds.first()?.clone();
            Some((of, seller, kind))
        });
        let now = self.rehearsal.now().with_timezone(&self.rehearsal.calendar().zone).naive_local();
        let at = |diary: &Diary, day: usize| self.at(diary, day).max(now);
        let tried = probe.run(tries.collect(), &everywhere, at)?;
        let places = tried.iter().flat_map(|one| one.on.values()).flat_map(|effect| &effect.gains);
        let missed: Vec<Key> =
            places.filter_map(|(place, _)| wanted.get(*place).map(key)).collect();
        self.missed.extend(missed);
        Ok(())
    }
}

/// Something of each, in their order; on several threads where there are some.
pub(crate) fn each<T: Send, U: Send>(of: Vec<T>, make: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::{IntoParallelIterator, ParallelIterator};
        of.into_par_iter().map(make).collect()
    }
    #[cfg(not(feature = "parallel"))]
    of.into_iter().map(make).collect()
}

/// What came of a round.
struct Round {
    /// By seller: nothing that was tried keeps more of what was lost before.
    bounds: BTreeMap<String, Number>,
    /// Whether another may do more.
    goes_on: bool,
}
