//! How the rest of a period may go: played out, again and again.

use chrono::NaiveDate;
use kadence::funnel::{Case, Funnel, Wants};
use kadence::verdict::Period;
use rand::RngExt;
use rand_distr::{Beta, Distribution, Gamma, Poisson};

use super::learn::Learned;
use crate::Random;
use crate::bootstrap::{pick, sample};

/// How many new cases are made at most, all plays together: what more would do is reckoned from them.
const MOST_CASES: f64 = 2e7;
/// How many in one play at least.
const FEWEST: f64 = 2000.0;
/// Of more values than these, none are drawn again: their mean is known.
const MANY: usize = 1000;
/// How many cases on their way are followed, all plays together: of more, fewer plays are made.
const MOST_STEPS: f64 = 5e7;
/// But not fewer than these.
const FEWEST_PLAYS: u32 = 200;

/// What came of one play.
pub(super) struct Outcome {
    /// What is measured at the end at today's pace.
    pub(super) at_pace: f64,
    /// Whether that reaches the goal.
    pub(super) is_reached: bool,
    /// How many things of each step come until then.
    pub(super) pace: Vec<f64>,
    /// How many things of each step it took to reach the goal; none where no number did.
    pub(super) needed: Option<Vec<f64>>,
}

/// What all plays start from.
pub(super) struct Play<'f> {
    funnel: &'f Funnel,
    learned: &'f Learned,
    /// The days that are left, from the last one that is known.
    left: u32,
    /// How many of them lie before the period.
    before: u32,
    /// The first step from which on rates are known.
    first: usize,
    /// How long the ways take: days, with the share by then.
    times: Vec<Vec<(u32, f64)>>,
    /// How many cases began at each step in the days from which the pace is taken.
    starts: Vec<u64>,
    /// Cases on their way: where, for how many days, and what for.
    open: Vec<Waiting>,
    measured: f64,
    target: f64,
    plays: u32,
}

/// A case on its way.
#[derive(Clone, Copy)]
struct Waiting {
    step: usize,
    /// For how many days it has stood there.
    age: u32,
    /// The share of those that go on that has done so by then, and the share of all that was lost.
    gone: f64,
    lost: f64,
    worth: Option<f64>,
}

/// Rates and values as they may be.
struct World {
    rates: Vec<f64>,
    values: Vec<f64>,
    things: Vec<f64>,
}

impl<'f> Play<'f> {
    pub(super) fn new(
        funnel: &'f Funnel,
        learned: &'f Learned,
        period: Period,
        (first, plays): (usize, u32),
    ) -> Self {
        let days = |from: NaiveDate, to: NaiveDate| {
            u32::try_from((to - from).num_days()).unwrap_or_default()
        };
        let number = |number: &Option<kadence::Number>| {
            number.as_ref().and_then(|number| number.to_string().parse().ok()).unwrap_or(0.0)
        };
        let last = funnel.steps.len().saturating_sub(1);
        let mut starts = vec![0_u64; funnel.steps.len()];
        let recent = funnel.pace.from..=funnel.known_through;
        for case in &funnel.cases {
            let step = case.start.max(first);
            if case.reached(step).is_some_and(|day| recent.contains(&day)) {
                starts.get_mut(step).into_iter().for_each(|count| *count += 1);
            }
        }
        // Where the days start with the first case of all, that one says nothing of how fast they come.
        let opens = |case: &&Case| case.reached.first() == Some(&funnel.pace.from);
        if let Some(case) = funnel.cases.first().filter(opens) {
            let start = starts.get_mut(case.start.max(first));
            start.into_iter().for_each(|count| *count = count.saturating_sub(1));
        }
        let waits = |case: &&Case| !case.is_lost && (first..last).contains(&case.last());
        let times: Vec<_> = learned.steps.iter().map(super::learn::Way::times).collect();
        let waiting = |case: &Case| {
            let step = case.last();
            let age = days(*case.reached.last()?, funnel.known_through);
            let gone = times.get(step)?.iter().take_while(|(day, _)| *day <= age).last();
            Some(Waiting {
                step,
                age,
                gone: gone.map_or(0.0, |(_, by)| *by),
                lost: learned.steps.get(step)?.lost.share(age),
                worth: case.expected.as_ref().and_then(|worth| worth.to_string().parse().ok()),
            })
        };
        let open: Vec<Waiting> = funnel.cases.iter().filter(waits).filter_map(waiting).collect();
        let most = (MOST_STEPS / (open.len() as f64 + 1.0)) as u32;
        Play {
            funnel,
            learned,
            left: days(funnel.known_through, period.to),
            before: days(funnel.known_through, period.from).saturating_sub(1),
            first,
            times,
            starts,
            open,
            measured: number(&funnel.goal.measured),
            target: number(&funnel.goal.target),
            plays: plays.min(most.max(FEWEST_PLAYS)),
        }
    }

    pub(super) fn all(&self, random: &mut Random) -> Vec<Outcome> {
        (0..self.plays).map(|_| self.one(random)).collect()
    }

    fn one(&self, random: &mut Random) -> Outcome {
        let world = self.world(random);
        let steps = self.funnel.steps.len();
        // What comes of what is on its way, whatever is done.
        let mut cases = vec![0_u64; steps];
        let mut sum = self.measured;
        for waiting in &self.open {
            let value = self.follow(&world, *waiting, 0, &mut cases, random);
            sum += value.map_or(0.0, |value| waiting.worth.unwrap_or(value));
        }
        let needed = || self.needed(&world, (sum, cases.clone()), random.clone());
        let needed = if self.funnel.wants == Wants::More { needed() } else { None };
        for (step, began) in self.starts.iter().enumerate() {
            for _ in 0..self.come(*began, random) {
                sum += self.new_case(&world, step, &mut cases, random);
            }
        }
        let is_reached = match self.funnel.wants {
            Wants::More => sum >= self.target,
            Wants::Less => sum < self.target,
            Wants::AtMost | Wants::Neither => sum <= self.target,
        };
        Outcome { at_pace: sum, is_reached, pace: world.things(&cases), needed }
    }

    /// The things that it takes to come from a sum to the goal; none where no number of cases does.
    fn needed(
        &self,
        world: &World,
        (mut sum, mut cases): (f64, Vec<u64>),
        mut random: Random,
    ) -> Option<Vec<f64>> {
        let (from, old) = (sum, cases.clone());
        let most = (MOST_CASES / f64::from(self.plays)).max(FEWEST) as u64;
        let mut made = 0;
        while sum < self.target && self.left > 0 && made < most {
            made += 1;
            let step = self.start(&mut random);
            sum += self.new_case(world, step, &mut cases, &mut random);
        }
        if sum >= self.target {
            return Some(world.things(&cases));
        }
        // So many are enough to see what many more would do.
        let part = (self.target - from) / (sum - from);
        if part.is_nan() || part.is_infinite() || part <= 0.0 {
            return None;
        }
        let more = |(all, old): (&u64, &u64)| *old as f64 + part * (all - old) as f64;
        let many: Vec<f64> = cases.iter().zip(&old).map(more).collect();
        Some(many.iter().zip(&world.things).map(|(cases, things)| cases * things).collect())
    }

    /// How many new cases came in the days from which the pace is taken.
    pub(super) fn new_cases(&self) -> u64 {
        self.starts.iter().sum()
    }

    /// Rates and values as they may be after what was seen.
    fn world(&self, random: &mut Random) -> World {
        let rate = |way: &super::learn::Way| match way.rate() {
            Ok(assumed) => assumed,
            Err(seen) => {
                let (hits, misses) = seen.belief();
                Beta::new(hits, misses).map_or(0.0, |belief| belief.sample(random))
            }
        };
        let rates = self.learned.steps.iter().map(rate).collect();
        // Of very many, a sample is as good as another.
        let values = match self.learned.values.len() {
            0..=MANY => sample(&self.learned.values, random),
            _ => self.learned.values.clone(),
        };
        let mean = |counts: &Vec<u32>| {
            let drawn = if counts.len() > MANY { counts.clone() } else { sample(counts, random) };
            let sum: u32 = drawn.iter().sum();
            if drawn.is_empty() { 1.0 } else { f64::from(sum) / drawn.len() as f64 }
        };
        World { rates, values, things: self.learned.things.iter().map(mean).collect() }
    }

    /// A case that begins on some day of those that are left; what it counts for within them.
    fn new_case(&self, world: &World, step: usize, cases: &mut [u64], random: &mut Random) -> f64 {
        if self.left == 0 {
            return 0.0;
        }
        let day = random.random_range(1..=self.left);
        self.count(cases, step, day);
        if step + 1 == self.funnel.steps.len() {
            let value = pick(&world.values, random).filter(|_| day > self.before);
            return value.unwrap_or_default();
        }
        let new = Waiting { step, age: 0, gone: 0.0, lost: 0.0, worth: None };
        self.follow(world, new, day, cases, random).unwrap_or_default()
    }

    /// Where a case comes that stands at a step on a day of those that are left; a value where it
    /// comes to the end in time.
    fn follow(
        &self,
        world: &World,
        from: Waiting,
        mut day: u32,
        cases: &mut [u64],
        random: &mut Random,
    ) -> Option<f64> {
        let Waiting { mut step, mut age, mut gone, mut lost, .. } = from;
        while step + 1 < self.funnel.steps.len() {
            let (rate, times) = (*world.rates.get(step)?, self.times.get(step)?);
            // Of those that stand there for so long some will go on; the others are lost, or stay.
            let to_go = rate * (1.0 - gone);
            let here = (1.0 - rate * gone - lost).max(to_go);
            if here <= 0.0 || random.random::<f64>() * here >= to_go {
                return None;
            }
            let by = gone + random.random::<f64>() * (1.0 - gone);
            let at = times.get(times.partition_point(|(_, share)| *share < by));
            day += at.or(times.last()).map_or(0, |(days, _)| *days).saturating_sub(age);
            if day > self.left {
                return None;
            }
            step += 1;
            (age, gone, lost) = (0, 0.0, 0.0);
            self.count(cases, step, day);
        }
        pick(&world.values, random).filter(|_| day > self.before)
    }

    /// A case at a step on a day of the period.
    fn count(&self, cases: &mut [u64], step: usize, day: u32) {
        if day > self.before {
            cases.get_mut(step).into_iter().for_each(|count| *count += 1);
        }
    }

    /// How many cases come at a step in the days that are left, if as many come a workday as did: a
    /// Poisson number, of a pace that is itself not known better than a Gamma distribution says.
    fn come(&self, began: u64, random: &mut Random) -> u64 {
        let (seen, left) = (self.funnel.pace.workdays, self.funnel.pace.ahead);
        if began == 0 || seen <= 0 || left <= 0 {
            return 0;
        }
        let pace = Gamma::new(began as f64 + 0.5, 1.0 / seen as f64);
        let pace = pace.map_or(0.0, |pace| pace.sample(random));
        Poisson::new(pace * left as f64).map_or(0, |count| count.sample(random) as u64)
    }

    /// Where a new case begins: as they did.
    fn start(&self, random: &mut Random) -> usize {
        let all: u64 = self.starts.iter().sum();
        if all == 0 {
            return self.first;
        }
        let mut place = random.random_range(0..all);
        for (step, began) in self.starts.iter().enumerate() {
            if place < *began {
                return step;
            }
            place -= began;
        }
        self.first
    }
}

impl World {
    /// The things that so many cases of each step take.
    fn things(&self, cases: &[u64]) -> Vec<f64> {
        cases.iter().zip(&self.things).map(|(cases, things)| *cases as f64 * things).collect()
    }
}
