//! What acts would do: each is tried on the days on which it could be done, and all is judged with it.
//!
//! Acts about different homes touch none of each other's verdicts, so that one of each home is tried at
//! a time. Between two days on which an act does the same, it is taken to do that on the days between;
//! what is booked is judged again in any case.

use std::collections::{BTreeMap, HashMap};

use kadence::worklist::rehearsal::{Home, Lost, Rehearsal, Try};
use kadence::{Activity, Moment, Number, Problems};

use chrono::{NaiveDate, NaiveDateTime};

use crate::diary::{Hours, Lengths};
use crate::planner::each;

/// Up to how many days each is tried.
const FEW_DAYS: usize = 10;

/// In how many steps more days are gone through at first.
const STEPS: usize = 6;

/// How many acts for one verdict are tried together at most.
const MOST_TOGETHER: u32 = 64;

/// How many passes are made at a time.
const PASSES: usize = 4;

/// An act that was tried.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    pub(crate) of: Try,
    pub(crate) seller: String,
    /// The kind that was tried, of those that are the same to the rules.
    pub(crate) kind: String,
    /// By the place of the day in the seller's diary.
    pub(crate) on: BTreeMap<usize, Effect>,
    /// The last slot in which it does so, where that is not all day.
    pub(crate) last: BTreeMap<usize, u32>,
    /// What it does from a slot on, where something that is planned on that day comes first.
    pub(crate) later: BTreeMap<usize, (u32, Effect)>,
}

impl Tried {
    pub(crate) fn new(of: Try, seller: String, kind: String) -> Tried {
        let (on, last, later) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Tried { of, seller, kind, on, last, later }
    }

    /// What it does on days, and in which slots.
    pub(crate) fn effects(&self) -> impl Iterator<Item = (usize, Option<u32>, &Effect)> {
        let on = self.on.iter().map(|(day, effect)| (*day, None, effect));
        on.chain(self.later.iter().map(|(day, (slot, effect))| (*day, Some(*slot), effect)))
    }
}

/// What an act on a day does.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Effect {
    /// The places of verdicts that are lost without it, with what it brings them.
    pub(crate) gains: Vec<(usize, Gain)>,
    /// The places of the rules of verdicts that are lost with it alone.
    pub(crate) harms: Vec<usize>,
}

impl Effect {
    pub(crate) fn serves(&self, verdict: usize) -> bool {
        self.gains.iter().any(|(place, _)| *place == verdict)
    }
}

/// What an act brings a verdict.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Gain {
    /// It is kept.
    All,
    /// So much less is missing.
    Part(Number),
}

/// What tells a verdict from every other.
pub(crate) type Key = (usize, String, Option<NaiveDate>);

pub(crate) fn key(lost: &Lost) -> Key {
    let (rule, subject, from) = lost.key();
    (rule, subject.to_owned(), from)
}

/// What is tried against.
pub(crate) struct Probe<'p, 'r> {
    pub(crate) rehearsal: &'p Rehearsal<'r>,
    /// How things stand when this day is over.
    pub(crate) day: NaiveDate,
    /// What is lost then.
    pub(crate) lost: &'p [Lost],
    by_key: HashMap<Key, usize>,
    lengths: &'p Lengths,
    /// What the ids of acts that are tried start with.
    prefix: &'p str,
}

impl<'p, 'r> Probe<'p, 'r> {
    pub(crate) fn new(
        rehearsal: &'p Rehearsal<'r>,
        day: NaiveDate,
        lost: &'p [Lost],
        (lengths, prefix): (&'p Lengths, &'p str),
    ) -> Self {
        let by_key = lost.iter().enumerate().map(|(place, lost)| (key(lost), place)).collect();
        Probe { rehearsal, day, lost, by_key, lengths, prefix }
    }

    /// Tries each act on the days of its seller.
    pub(crate) fn run(
        &self,
        tries: Vec<(Try, String, String)>,
        hours: &Hours<'_>,
    ) -> Result<Vec<Tried>, Problems> {
        let tries = tries.into_iter();
        let mut tried: Vec<Tried> =
            tries.map(|(of, seller, kind)| Tried::new(of, seller, kind)).collect();
        // With whom it is may make no difference to what is asked of a seller.
        let (ends, mut all): (Vec<_>, Vec<_>) =
            tried.iter().map(|one| at_first(one, hours)).unzip();
        self.run_on(&mut tried, &ends, hours, |_| Vec::new())?;
        let mut seen: Vec<(Home, String, Effect, Vec<usize>)> = Vec::new();
        let mut is_new = Vec::new();
        for one in &tried {
            let effects: Vec<Effect> = one.on.values().cloned().collect();
            let gains = effects.iter().flat_map(|effect| effect.gains.clone()).collect();
            let harms: Vec<usize> = effects.into_iter().flat_map(|effect| effect.harms).collect();
            let what = Effect { gains, harms: Vec::new() };
            let same = (one.of.home, one.kind.clone(), what, harms);
            is_new.push(!one.of.home.is_seller() || !seen.contains(&same));
            seen.push(same);
        }
        let mut is_kept = is_new.iter();
        tried.retain(|_| is_kept.next().copied().unwrap_or(true));
        let mut is_kept = is_new.iter();
        all.retain(|_| is_kept.next().copied().unwrap_or(true));
        self.run_on(&mut tried, &all, hours, between)?;
        for one in &mut tried {
            fill(&mut one.on, hours.diary(&one.seller).map_or(0, |diary| diary.days.len()));
        }
        self.until(&mut tried, hours)?;
        self.after_what_is_planned(&mut tried, hours)?;
        Ok(tried)
    }

    /// Tries each act on the days that are wanted, and then on those that this makes wanted.
    fn run_on(
        &self,
        tried: &mut [Tried],
        wanted: &[Vec<usize>],
        hours: &Hours<'_>,
        then: impl Fn(&BTreeMap<usize, Effect>) -> Vec<usize>,
    ) -> Result<(), Problems> {
        let mut wanted = wanted.to_vec();
        for (wanted, one) in wanted.iter_mut().zip(tried.iter()) {
            wanted.retain(|day| !one.on.contains_key(day));
        }
        let mut queue = Queue::new(tried, &wanted);
        while let Some(passes) = queue.next_passes() {
            let act = |(place, day): &(usize, usize)| {
                let one = tried.get(*place)?;
                let slot = hours.first(&one.seller, one.of.about.first()?, *day)?;
                self.act(one, (*day, slot), hours)
            };
            let effects = self.of_passes(&passes, act)?;
            for ((place, day), effect) in passes.into_iter().flatten().zip(effects) {
                let Some((one, wanted)) = tried.get_mut(place).zip(wanted.get_mut(place)) else {
                    continue;
                };
                one.on.insert(day, effect);
                wanted.retain(|other| *other != day);
                if wanted.is_empty() {
                    *wanted = then(&one.on);
                    queue.add(one, place, wanted);
                }
            }
        }
        Ok(())
    }

    /// Until when on a day each act does what it does in the first slot that is free, where it does
    /// something else on the next day.
    fn until(&self, tried: &mut [Tried], hours: &Hours<'_>) -> Result<(), Problems> {
        // The first slot that would do, and the last that might.
        let mut open: BTreeMap<(usize, usize), (u32, u32)> = BTreeMap::new();
        for (place, one) in tried.iter().enumerate() {
            let days = one.on.iter().zip(one.on.iter().skip(1).map(Some).chain([None]));
            for ((day, effect), next) in days {
                let is_same = next.is_some_and(|(_, next)| next.gains == effect.gains);
                let slots = one.of.about.first().and_then(|about| {
                    hours.first(&one.seller, about, *day).zip(hours.last(&one.seller, *day))
                });
                if let Some((first, last)) = slots.filter(|(first, last)| first < last)
                    && !is_same
                    && !effect.gains.is_empty()
                {
                    open.insert((place, *day), (first, last));
                }
            }
        }
        let mut is_evening = true;
        while !open.is_empty() {
            let slot = |(first, last): &(u32, u32)| match is_evening {
                true => *last,
                false => first.midpoint(*last),
            };
            let mut wanted = vec![Vec::new(); tried.len()];
            for (place, day) in open.keys() {
                wanted.get_mut(*place).into_iter().for_each(|wanted| wanted.push(*day));
            }
            let mut queue = Queue::new(tried, &wanted);
            while let Some(passes) = queue.next_passes() {
                let act = |(place, day): &(usize, usize)| {
                    let slot = slot(open.get(&(*place, *day))?);
                    self.act(tried.get(*place)?, (*day, slot), hours)
                };
                let effects = self.of_passes(&passes, act)?;
                for ((place, day), effect) in passes.into_iter().flatten().zip(effects) {
                    let Some(((first, last), one)) =
                        open.get_mut(&(place, day)).zip(tried.get_mut(place))
                    else {
                        continue;
                    };
                    let tried_at = slot(&(*first, *last));
                    let does_the_same = one.on.get(&day).is_some_and(|on| on.gains == effect.gains);
                    match does_the_same {
                        true => *first = tried_at,
                        false => *last = tried_at,
                    }
                    if first == last {
                        open.remove(&(place, day));
                    } else if *first + 1 == *last {
                        one.last.insert(day, *first);
                        open.remove(&(place, day));
                    }
                }
            }
            is_evening = false;
        }
        Ok(())
    }

    /// Tries acts on the days of what is planned once more, after that.
    fn after_what_is_planned(
        &self,
        tried: &mut [Tried],
        hours: &Hours<'_>,
    ) -> Result<(), Problems> {
        let mut ends: BTreeMap<Home, Vec<NaiveDateTime>> = BTreeMap::new();
        for lost in self.lost {
            if let (Some(home), Some(end)) = (lost.home, hours.ends.get(&lost.subject)) {
                ends.entry(home).or_default().push(*end);
            }
        }
        let mut slots: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for (place, one) in tried.iter().enumerate() {
            for end in ends.get(&one.of.home).into_iter().flatten() {
                if let Some((day, slot)) = hours.after(&one.seller, *end) {
                    slots.insert((place, day), slot);
                }
            }
        }
        let mut wanted = vec![Vec::new(); tried.len()];
        for (place, day) in slots.keys() {
            wanted.get_mut(*place).into_iter().for_each(|wanted: &mut Vec<_>| wanted.push(*day));
        }
        let mut queue = Queue::new(tried, &wanted);
        while let Some(passes) = queue.next_passes() {
            let act = |(place, day): &(usize, usize)| {
                let slot = *slots.get(&(*place, *day))?;
                self.act(tried.get(*place)?, (*day, slot), hours)
            };
            let effects = self.of_passes(&passes, act)?;
            for ((place, day), effect) in passes.into_iter().flatten().zip(effects) {
                let slot = slots.get(&(place, day));
                if let Some((one, slot)) = tried.get_mut(place).zip(slot)
                    && one.on.get(&day) != Some(&effect)
                {
                    one.later.insert(day, (*slot, effect));
                }
            }
        }
        Ok(())
    }

    /// What the acts of some passes do, one after the other. Passes know nothing of each other.
    fn of_passes(
        &self,
        passes: &[Vec<(usize, usize)>],
        act: impl Fn(&(usize, usize)) -> Option<(Home, Activity)> + Sync + Send,
    ) -> Result<Vec<Effect>, Problems> {
        let effects = each(passes.iter().collect(), |pass: &Vec<_>| {
            self.effects(pass.iter().filter_map(&act).collect())
        });
        let effects: Result<Vec<_>, _> = effects.into_iter().collect();
        Ok(effects?.into_iter().flatten().collect())
    }

    fn act(
        &self,
        one: &Tried,
        (day, slot): (usize, u32),
        hours: &Hours<'_>,
    ) -> Option<(Home, Activity)> {
        let start = hours.start(&one.seller, day, slot)?;
        let about = one.of.about.first()?;
        Some((one.of.home, self.about(about, &one.kind, start)))
    }

    fn about(&self, about: &Activity, kind: &str, start: NaiveDateTime) -> Activity {
        let minutes = Some(self.lengths.minutes(kind).into());
        Activity { kind: kind.to_owned(), at: Moment::Local(start), minutes, ..about.clone() }
    }

    /// What each act does, where no two are of one home.
    fn effects(&self, acts: Vec<(Home, Activity)>) -> Result<Vec<Effect>, Problems> {
        let by_home: HashMap<Home, usize> =
            acts.iter().enumerate().map(|(n, (home, _))| (*home, n)).collect();
        let mut effects = vec![Effect::default(); acts.len()];
        let named = acts.into_iter().enumerate();
        let acts: Vec<Activity> =
            named.map(|(n, (_, act))| Activity { id: self.id(n), ..act }).collect();
        let after = self.rehearsal.lost(self.day, &acts)?;
        let of = |lost: &Lost| {
            let of_act = || lost.subject.strip_prefix(self.prefix)?.parse::<usize>().ok();
            lost.home.and_then(|home| by_home.get(&home).copied()).or_else(of_act)
        };
        let mut is_lost = vec![false; self.lost.len()];
        for one in &after {
            let place = of(one);
            match self.by_key.get(&key(one)) {
                Some(before) => {
                    is_lost.get_mut(*before).into_iter().for_each(|lost| *lost = true);
                    let was = self.lost.get(*before).and_then(|lost| lost.missing.clone());
                    let less = was.zip(one.missing.clone()).map(|(was, is)| was - is);
                    let less = less.filter(|less| !less.is_zero() && !less.is_negative());
                    if let (Some(less), Some(effect)) =
                        (less, place.and_then(|place| effects.get_mut(place)))
                    {
                        effect.gains.push((*before, Gain::Part(less)));
                    }
                }
                None => {
                    if let Some(effect) = place.and_then(|place| effects.get_mut(place)) {
                        effect.harms.push(one.rule);
                    }
                }
            }
        }
        let kept = self.lost.iter().enumerate().zip(is_lost).filter(|(_, is_lost)| !is_lost);
        for ((place, lost), _) in kept {
            if let Some(effect) = of(lost).and_then(|act| effects.get_mut(act)) {
                effect.gains.push((place, Gain::All));
            }
        }
        effects.iter_mut().for_each(|effect| effect.gains.sort_by_key(|(place, _)| *place));
        Ok(effects)
    }

    fn id(&self, n: usize) -> String {
        format!("{}{n}", self.prefix)
    }

    /// How many of an act it takes that brings a verdict something, so that it is kept; up to so many.
    /// Where even those are not enough: so many.
    pub(crate) fn enough(
        &self,
        asked: &[(usize, &Tried, u32)],
        hours: &Hours<'_>,
    ) -> Result<HashMap<usize, u32>, Problems> {
        let mut open: BTreeMap<usize, (&Tried, u32, u32)> = asked
            .iter()
            .map(|(place, tried, most)| (*place, (*tried, 1, (*most).min(MOST_TOGETHER))))
            .collect();
        let mut found = HashMap::new();
        while !open.is_empty() {
            // One verdict of each home at a time.
            let mut homes = Vec::new();
            let (mut acts, mut asked) = (Vec::new(), Vec::new());
            for (place, (tried, few, many)) in &open {
                if homes.contains(&tried.of.home) {
                    continue;
                }
                homes.push(tried.of.home);
                let middle = few.midpoint(*many);
                asked.push((*place, middle));
                let days: Vec<usize> = tried
                    .on
                    .iter()
                    .filter(|(_, effect)| effect.serves(*place))
                    .map(|(day, _)| *day)
                    .collect();
                for (n, day) in days.iter().cycle().take(middle as usize).enumerate() {
                    let about = tried.of.about.get(n % tried.of.about.len().max(1));
                    let Some(about) = about else { continue };
                    let slot = hours.first(&tried.seller, about, *day);
                    let start = slot.and_then(|slot| hours.start(&tried.seller, *day, slot));
                    let Some(start) = start else { continue };
                    let act = self.about(about, &tried.kind, start);
                    acts.push(Activity { id: self.id(acts.len()), ..act });
                }
            }
            let after = self.rehearsal.lost(self.day, &acts)?;
            let lost: Vec<usize> =
                after.iter().filter_map(|one| self.by_key.get(&key(one)).copied()).collect();
            for (place, middle) in asked {
                let Some((_, few, many)) = open.get_mut(&place) else { continue };
                match lost.contains(&place) {
                    true => *few = (middle + 1).min(*many),
                    false => *many = middle,
                }
                if few == many || (middle == *many && lost.contains(&place)) {
                    found.insert(place, *many);
                    open.remove(&place);
                }
            }
        }
        Ok(found)
    }
}

/// The acts of each home that wait for their turn: those of homes that rest on others are tried after
/// all others, by themselves.
struct Queue {
    waiting: BTreeMap<(bool, Home), Vec<(usize, usize)>>,
}

impl Queue {
    fn new(tried: &[Tried], wanted: &[Vec<usize>]) -> Queue {
        let mut queue = Queue { waiting: BTreeMap::new() };
        for (place, (one, days)) in tried.iter().zip(wanted).enumerate() {
            queue.add(one, place, days);
        }
        queue
    }

    fn add(&mut self, one: &Tried, place: usize, days: &[usize]) {
        if !days.is_empty() {
            let home = (one.of.home.rests_on_others(), one.of.home);
            let waiting = self.waiting.entry(home).or_default();
            waiting.extend(days.iter().map(|day| (place, *day)));
        }
    }

    /// Some passes with one of each home; the same on any machine.
    fn next_passes(&mut self) -> Option<Vec<Vec<(usize, usize)>>> {
        let rest_on_others = self.waiting.keys().next()?.0;
        let mut pass = || {
            let homes = self.waiting.iter_mut().filter(|((rests, _), _)| *rests == rest_on_others);
            let pass: Vec<_> = homes.filter_map(|(_, waiting)| waiting.pop()).collect();
            (!pass.is_empty()).then_some(pass)
        };
        let passes: Vec<_> = (0..PASSES).map_while(|_| pass()).collect();
        self.waiting.retain(|_, waiting| !waiting.is_empty());
        Some(passes)
    }
}

/// The days on which an act is tried at first: the first and the last before what comes after the plan;
/// and those on which it is tried then: all of a few, else some of them, with those beside its end.
fn at_first(one: &Tried, hours: &Hours<'_>) -> (Vec<usize>, Vec<usize>) {
    let days = hours.diary(&one.seller).map_or(&[][..], |diary| &diary.days);
    let about = one.of.about.first();
    let is_possible =
        |day: &usize| about.is_some_and(|about| hours.first(&one.seller, about, *day).is_some());
    let first = (0..days.len()).find(is_possible).unwrap_or(days.len());
    let within = days.iter().filter(|day| !day.is_after).count();
    let mut ends = vec![first, within.saturating_sub(1).max(first)];
    ends.retain(|day| *day < days.len());
    ends.dedup();
    if days.len() <= FEW_DAYS {
        return (ends, (first..days.len()).collect());
    }
    let steps = (first..days.len()).step_by(days.len().div_ceil(STEPS));
    let mut chosen: Vec<usize> =
        steps.chain(ends.iter().copied()).chain([within.max(first), days.len() - 1]).collect();
    chosen.retain(|day| (first..days.len()).contains(day));
    chosen.sort_unstable();
    chosen.dedup();
    (ends, chosen)
}

/// Days in the middle between those on which an act does different things.
fn between(on: &BTreeMap<usize, Effect>) -> Vec<usize> {
    let pairs = on.iter().zip(on.iter().skip(1));
    let differ =
        pairs.filter(|((day, effect), (next, other))| effect != other && **next > **day + 1);
    differ.map(|((day, _), (next, _))| day.midpoint(*next)).collect()
}

/// What an act does on days on which it was not tried: as on the day before.
fn fill(on: &mut BTreeMap<usize, Effect>, days: usize) {
    let mut last = None;
    for day in 0..days {
        match (on.get(&day), &last) {
            (Some(effect), _) => last = Some(effect.clone()),
            (None, Some(effect)) => {
                on.insert(day, effect.clone());
            }
            (None, None) => {}
        }
    }
}
