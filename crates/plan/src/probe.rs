//! What acts would do: each is tried on the days on which it could be done, and all is judged with it.
//!
//! Acts about different homes touch none of each other's verdicts, so that one of each home is tried at
//! a time. Between two days on which an act does the same, it is taken to do that on the days between;
//! what is booked is judged again in any case.

use std::collections::{BTreeMap, HashMap};

use kadence::worklist::rehearsal::{Home, Lost, Rehearsal, Try};
use kadence::{Activity, Moment, Number, Problems};

use chrono::{NaiveDate, NaiveDateTime};

use crate::diary::Diary;
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
}

/// What an act on a day does.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Effect {
    /// The places of verdicts that are lost without it, with what it brings them.
    pub(crate) gains: Vec<(usize, Gain)>,
    /// The places of the rules of verdicts that are lost with it alone.
    pub(crate) harms: Vec<usize>,
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
    /// What the ids of acts that are tried start with.
    prefix: &'p str,
}

impl<'p, 'r> Probe<'p, 'r> {
    pub(crate) fn new(
        rehearsal: &'p Rehearsal<'r>,
        day: NaiveDate,
        lost: &'p [Lost],
        prefix: &'p str,
    ) -> Self {
        let by_key = lost.iter().enumerate().map(|(place, lost)| (key(lost), place)).collect();
        Probe { rehearsal, day, lost, by_key, prefix }
    }

    /// Tries each act on the days of its seller.
    pub(crate) fn run(
        &self,
        tries: Vec<(Try, String, String)>,
        diaries: &BTreeMap<String, Diary>,
        start: impl Fn(&Diary, usize) -> NaiveDateTime + Sync,
    ) -> Result<Vec<Tried>, Problems> {
        let mut tried: Vec<Tried> = tries
            .into_iter()
            .map(|(of, seller, kind)| Tried { of, seller, kind, on: BTreeMap::new() })
            .collect();
        // With whom it is may make no difference to what is asked of a seller.
        let (ends, all): (Vec<_>, Vec<_>) =
            tried.iter().map(|one| at_first(diaries.get(&one.seller))).unzip();
        self.run_on(&mut tried, &ends, (diaries, &start), |_| Vec::new())?;
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
        let mut all = all;
        all.retain(|_| is_kept.next().copied().unwrap_or(true));
        self.run_on(&mut tried, &all, (diaries, &start), between)?;
        for one in &mut tried {
            fill(&mut one.on, diaries.get(&one.seller).map_or(0, |diary| diary.days.len()));
        }
        Ok(tried)
    }

    /// Tries each act on the days that are wanted, and then on those that this makes wanted.
    fn run_on(
        &self,
        tried: &mut [Tried],
        wanted: &[Vec<usize>],
        (diaries, start): (
            &BTreeMap<String, Diary>,
            &(impl Fn(&Diary, usize) -> NaiveDateTime + Sync),
        ),
        then: impl Fn(&BTreeMap<usize, Effect>) -> Vec<usize>,
    ) -> Result<(), Problems> {
        let mut wanted = wanted.to_vec();
        for (wanted, one) in wanted.iter_mut().zip(tried.iter()) {
            wanted.retain(|day| !one.on.contains_key(day));
        }
        for alone in [false, true] {
            let is_meant = |one: &Tried| one.of.home.rests_on_others() == alone;
            let mut queue = Queue::new(tried, &wanted, is_meant);
            loop {
                // Passes know nothing of each other: as many are made at a time on any machine.
                let passes: Vec<_> = (0..PASSES).map_while(|_| queue.next_pass()).collect();
                if passes.is_empty() {
                    break;
                }
                let act = |(place, day): &(usize, usize)| {
                    let one = tried.get(*place)?;
                    let start = start(diaries.get(&one.seller)?, *day);
                    let about = one.of.about.first()?;
                    Some((one.of.home, self.act(about, &one.kind, start)))
                };
                let effects = each(passes.iter().collect(), |pass: &Vec<_>| {
                    self.effects(pass.iter().filter_map(act).collect())
                });
                for (pass, effects) in passes.into_iter().zip(effects) {
                    for ((place, day), effect) in pass.into_iter().zip(effects?) {
                        let Some((one, wanted)) = tried.get_mut(place).zip(wanted.get_mut(place))
                        else {
                            continue;
                        };
                        one.on.insert(day, effect);
                        wanted.retain(|other| *other != day);
                        if wanted.is_empty() {
                            *wanted = then(&one.on);
                            queue.add(one.of.home, place, wanted);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn act(&self, about: &Activity, kind: &str, start: NaiveDateTime) -> Activity {
        Activity { kind: kind.to_owned(), at: Moment::Local(start), ..about.clone() }
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
        diaries: &BTreeMap<String, Diary>,
        start: impl Fn(&Diary, usize) -> NaiveDateTime,
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
                let Some(diary) = diaries.get(&tried.seller) else { continue };
                let days: Vec<usize> = tried
                    .on
                    .iter()
                    .filter(|(_, effect)| effect.gains.iter().any(|(one, _)| one == place))
                    .map(|(day, _)| *day)
                    .collect();
                for (n, day) in days.iter().cycle().take(middle as usize).enumerate() {
                    let about = tried.of.about.get(n % tried.of.about.len().max(1));
                    let Some(about) = about else { continue };
                    let act = self.act(about, &tried.kind, start(diary, *day));
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

/// The acts of each home that wait for their turn.
struct Queue {
    waiting: BTreeMap<Home, Vec<(usize, usize)>>,
}

impl Queue {
    fn new(tried: &[Tried], wanted: &[Vec<usize>], is_meant: impl Fn(&Tried) -> bool) -> Queue {
        let mut queue = Queue { waiting: BTreeMap::new() };
        for (place, (one, days)) in tried.iter().zip(wanted).enumerate() {
            if is_meant(one) {
                queue.add(one.of.home, place, days);
            }
        }
        queue
    }

    fn add(&mut self, home: Home, place: usize, days: &[usize]) {
        let waiting = self.waiting.entry(home).or_default();
        waiting.extend(days.iter().map(|day| (place, *day)));
    }

    /// One of each home.
    fn next_pass(&mut self) -> Option<Vec<(usize, usize)>> {
        let pass: Vec<_> = self.waiting.values_mut().filter_map(Vec::pop).collect();
        (!pass.is_empty()).then_some(pass)
    }
}

/// The days on which an act is tried at first: the first and the last before what comes after the plan;
/// and those on which it is tried then: all of a few, else some of them, with those beside its end.
fn at_first(diary: Option<&Diary>) -> (Vec<usize>, Vec<usize>) {
    let days = diary.map_or(&[][..], |diary| &diary.days);
    let within = days.iter().filter(|day| !day.is_after).count();
    let ends = [0, within.saturating_sub(1)].into_iter().filter(|day| *day < days.len());
    let mut ends: Vec<usize> = ends.collect();
    ends.dedup();
    if days.len() <= FEW_DAYS {
        return (ends, (0..days.len()).collect());
    }
    let steps = (0..days.len()).step_by(days.len().div_ceil(STEPS));
    let mut chosen: Vec<usize> =
        steps.chain(ends.iter().copied()).chain([within, days.len() - 1]).collect();
    chosen.retain(|day| *day < days.len());
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
