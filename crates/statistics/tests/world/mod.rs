//! Worlds with known rates, of which forecasts see the first part and truth the rest.

use chrono::{Days, NaiveDate};
use kadence::Number;
use kadence::Status;
use kadence::funnel::{Case, Funnel, Pace, Step, Wants, Workdays};
use kadence::verdict::{GoalVerdict, Period};
use kadence_statistics::Random;
use kadence_statistics::goal::{Ask, Estimate, Forecast, forecast};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp, LogNormal, Poisson};

/// The rates from each step to the next, and how many days the way takes in the mean.
const RATES: [f64; 3] = [0.5, 0.6, 0.3];
const TIMES: [f64; 3] = [14.0, 21.0, 45.0];
/// Of those that do not go on so many are lost, after so many days in the mean.
const LOST: f64 = 0.7;
const LOST_AFTER: f64 = 60.0;
/// How many days are seen before the year of the goal, how many of the year, and how many it has.
const BEFORE: i64 = 730;
const SEEN: i64 = 180;
const YEAR: i64 = 365;
const STEPS: usize = 4;

/// How a world is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    /// Leads a day.
    leads: f64,
    /// Cases that begin with an offer, a day.
    offers: f64,
}

/// A case with its future.
#[derive(Debug, Clone)]
struct Life {
    start: usize,
    /// Days, counted from the first one, some perhaps far ahead.
    reached: Vec<i64>,
    things: [u32; STEPS],
    lost: Option<i64>,
    worth: f64,
}

/// How often ranges held the truth.
#[derive(Debug, Default)]
pub(crate) struct Held {
    runs: u32,
    rates: [u32; 3],
    value: u32,
    at_pace: u32,
    needed: [u32; STEPS],
    /// Worlds in which the goal could be reached at all.
    reachable: u32,
    /// The chance that was told, and whether the goal was reached.
    chances: Vec<(f64, bool)>,
}

fn day(number: i64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    first.checked_add_days(Days::new(u64::try_from(number).unwrap())).unwrap()
}

impl World {
    pub(crate) const ALL: [World; 3] = [
        World { name: "large", leads: 1.5, offers: 0.1 },
        World { name: "middle", leads: 0.5, offers: 0.05 },
        World { name: "small", leads: 0.15, offers: 0.02 },
    ];

    /// As many worlds of this kind, each forecast half-way.
    pub(crate) fn lived(&self, runs: u32) -> Held {
        let mut held = Held::default();
        for run in 0..runs {
            let seed = u64::from(run);
            self.live(&mut held, &mut Random::seed_from_u64(seed), seed);
        }
        held
    }

    fn live(&self, held: &mut Held, random: &mut Random, seed: u64) {
        let (lives, funnel, measured, target) = self.half_way(random);
        let told = forecast(&funnel, &Ask { plays: 400, seed, ..Ask::default() });
        held.runs += 1;
        for (place, rate) in RATES.iter().enumerate() {
            let range = told.steps[place].on.as_ref().and_then(|on| on.range);
            held.rates[place] += u32::from(range.is_some_and(|range| range.contains(*rate)));
        }
        let range = told.value.and_then(|value| value.range);
        held.value += u32::from(range.is_some_and(|range| range.contains(mean_worth())));

        let rest = (BEFORE + SEEN, BEFORE + YEAR - 1);
        let of_old: f64 = won(&lives, rest).iter().map(|(_, worth)| worth).sum();
        let new = self.lives((BEFORE + SEEN, BEFORE + YEAR), random);
        let of_new: f64 = won(&new, rest).iter().map(|(_, worth)| worth).sum();
        let total = measured + of_old + of_new;
        held.at_pace += u32::from(holds(told.at_pace, Some(total)));
        held.chances.extend(told.chance.map(|chance| (chance, total >= target)));
        self.need(held, &told, (&lives, measured + of_old, target), random);
    }

    /// The first part of a world, what can be seen of it, what is measured and what is wanted.
    fn half_way(&self, random: &mut Random) -> (Vec<Life>, Funnel, f64, f64) {
        let lives = self.lives((0, BEFORE + SEEN), random);
        let pace = [(0, self.leads), (2, self.offers)];
        let measured: f64 =
            won(&lives, (BEFORE, BEFORE + SEEN - 1)).iter().map(|(_, worth)| worth).sum();
        // More than at today's pace, or a little less.
        let expected: f64 = pace
            .iter()
            .map(|(start, a_day)| {
                let rate: f64 = RATES.iter().skip(*start).product();
                a_day * rate * mean_worth() * YEAR as f64
            })
            .sum();
        let target = (expected * random.random_range(0.8..1.3)).round();
        let funnel = funnel(&lives, measured, target);
        (lives, funnel, measured, target)
    }

    /// What can be seen of a world half-way.
    pub(crate) fn funnel(&self, seed: u64) -> Funnel {
        self.half_way(&mut Random::seed_from_u64(seed)).1
    }

    /// How many more it really takes: new cases as they come, until the goal is reached.
    fn need(
        &self,
        held: &mut Held,
        told: &Forecast,
        (old, mut sum, target): (&[Life], f64, f64),
        random: &mut Random,
    ) {
        let rest = (BEFORE + SEEN, BEFORE + YEAR - 1);
        let mut things = [0_u32; STEPS];
        count(old, rest, &mut things);
        let mut made = 0;
        while sum < target && made < 100_000 {
            let is_offer = random.random::<f64>() < self.offers / (self.leads + self.offers);
            let on = random.random_range(rest.0..=rest.1);
            let life = life(if is_offer { 2 } else { 0 }, on, random);
            sum +=
                won(std::slice::from_ref(&life), rest).iter().map(|(_, worth)| worth).sum::<f64>();
            count(std::slice::from_ref(&life), rest, &mut things);
            made += 1;
        }
        held.reachable += u32::from(made < 100_000);
        for (place, things) in things.iter().enumerate() {
            let truth = (made < 100_000).then(|| f64::from(*things));
            held.needed[place] += u32::from(holds(told.steps[place].needed, truth));
        }
    }

    /// The cases that begin within some days.
    fn lives(&self, (from, to): (i64, i64), random: &mut Random) -> Vec<Life> {
        let mut lives = Vec::new();
        for on in from..to {
            for (start, a_day) in [(0, self.leads), (2, self.offers)] {
                let count: f64 = Poisson::new(a_day).unwrap().sample(random);
                lives.extend((0..count as u32).map(|_| life(start, on, random)));
            }
        }
        lives
    }
}

fn mean_worth() -> f64 {
    // The mean of a lognormal distribution: exp(mu + sigma²/2).
    (100_000_f64.ln() + 0.18).exp()
}

fn life(start: usize, on: i64, random: &mut Random) -> Life {
    let days = |mean: f64, random: &mut Random| {
        let days: f64 = Exp::new(1.0 / mean).unwrap().sample(random);
        days.round() as i64
    };
    let mut reached = vec![on];
    let mut lost = None;
    for step in start..STEPS - 1 {
        let at = *reached.last().unwrap();
        if random.random::<f64>() >= RATES[step] {
            let is_lost = random.random::<f64>() < LOST;
            lost = is_lost.then(|| at + days(LOST_AFTER, random));
            break;
        }
        reached.push(at + days(TIMES[step], random));
    }
    let more: f64 = Poisson::new(0.6).unwrap().sample(random);
    let worth: f64 = LogNormal::new(100_000_f64.ln(), 0.6).unwrap().sample(random);
    Life { start, reached, things: [1, 1 + more as u32, 1, 1], lost, worth: worth.round() }
}

/// The sales within some days.
fn won(lives: &[Life], (from, to): (i64, i64)) -> Vec<(i64, f64)> {
    let last = |life: &Life| {
        (life.start + life.reached.len() == STEPS).then(|| life.reached.last().copied())?
    };
    let won = lives.iter().filter_map(|life| Some((last(life)?, life.worth)));
    won.filter(|(day, _)| (from..=to).contains(day)).collect()
}

/// Adds up the things of the steps that were reached within some days.
fn count(lives: &[Life], (from, to): (i64, i64), things: &mut [u32; STEPS]) {
    for life in lives {
        for (place, on) in life.reached.iter().enumerate() {
            if (from..=to).contains(on) {
                things[life.start + place] += life.things[life.start + place];
            }
        }
    }
}

fn holds(range: Option<Estimate>, truth: Option<f64>) -> bool {
    let Some(range) = range else { return truth.is_none() };
    match truth {
        Some(truth) => range.low <= truth && range.high.is_none_or(|high| truth <= high),
        None => range.high.is_none(),
    }
}

/// What can be seen of lives.
fn funnel(lives: &[Life], measured: f64, target: f64) -> Funnel {
    let today = BEFORE + SEEN - 1;
    let seen = |life: &Life| {
        let reached: Vec<NaiveDate> =
            life.reached.iter().filter(|on| **on <= today).map(|on| day(*on)).collect();
        let last = life.start + reached.len() - 1;
        let mut things = life.things.to_vec();
        things.iter_mut().enumerate().for_each(|(step, count)| {
            if step > last || step < life.start {
                *count = 0;
            }
        });
        let is_won = last + 1 == STEPS;
        let worth = is_won.then(|| Number::from(life.worth as i64));
        let lost = life.lost.filter(|on| *on <= today).map(day);
        // Of leads it is not known on which day they were lost.
        let (is_lost, lost) = (lost.is_some(), lost.filter(|_| last >= 2));
        Case {
            start: life.start,
            reached,
            things,
            is_lost,
            lost,
            worth,
            expected: None,
            is_whole: true,
            seller: None,
        }
    };
    let step = |text: &str| Step {
        text: text.to_owned(),
        noun: "activity".to_owned(),
        things: 0,
        undated: 0,
        so_far: 0,
        by_seller: Vec::new(),
    };
    let number = |value: f64| Some(Number::from(value as i64));
    let period = Period { from: day(BEFORE), to: day(BEFORE + YEAR - 1) };
    let begun = lives.iter().filter(|life| life.reached[0] <= today);
    Funnel {
        day: day(today),
        known_through: day(today),
        goal: GoalVerdict {
            id: "sales".to_owned(),
            text: "sum amount of won opportunities per year".to_owned(),
            period: Some(period),
            status: Status::AtRisk,
            reason: None,
            measured: number(measured),
            target: number(target),
            attainment: None,
            sentence: String::new(),
        },
        wants: Wants::More,
        adds_up: true,
        sums: Some("amount".to_owned()),
        period: Some(period),
        workdays: Workdays { of: YEAR, left: YEAR - SEEN },
        pace: Pace { from: day(today - 364), workdays: 365, ahead: YEAR - SEEN },
        steps: ["lead", "meeting", "offer", "won opportunity"].map(step).to_vec(),
        assumed: Vec::new(),
        cases: begun.map(seen).collect(),
        sellers: Vec::new(),
        supported_by: Vec::new(),
    }
}

impl Held {
    /// In how many of a hundred worlds each range held the truth.
    pub(crate) fn shares(&self) -> Vec<(String, String)> {
        let percent =
            |held: u32| format!("{:.1} %", 100.0 * f64::from(held) / f64::from(self.runs));
        let steps = ["lead", "meeting", "offer", "won opportunity"];
        let mut rows: Vec<(String, String)> = Vec::new();
        for (place, held) in self.rates.iter().enumerate() {
            rows.push((format!("rate {} > {}", steps[place], steps[place + 1]), percent(*held)));
        }
        rows.push(("mean value of a sale".to_owned(), percent(self.value)));
        rows.push(("sum at the end at today's pace".to_owned(), percent(self.at_pace)));
        for (place, held) in self.needed.iter().enumerate() {
            rows.push((format!("needed of `{}`", steps[place]), percent(*held)));
        }
        rows
    }

    /// The same as numbers from 0 to 1.
    pub(crate) fn parts(&self) -> Vec<(String, f64)> {
        let part = |text: &str| text.trim_end_matches(" %").parse::<f64>().unwrap() / 100.0;
        self.shares().into_iter().map(|(label, text)| (label, part(&text))).collect()
    }
}

/// By tenths of the chance that was told: in how many worlds, and what share reached the goal.
pub(crate) fn calibration(held: &[Held]) -> Vec<(String, usize, String)> {
    let chances: Vec<(f64, bool)> = held.iter().flat_map(|held| held.chances.clone()).collect();
    let edges = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01];
    let bins = edges.iter().zip(edges.iter().skip(1)).map(|(low, high)| {
        let within: Vec<&(f64, bool)> =
            chances.iter().filter(|(chance, _)| low <= chance && chance < high).collect();
        let told: f64 =
            within.iter().map(|(chance, _)| chance).sum::<f64>() / within.len().max(1) as f64;
        let reached = within.iter().filter(|(_, reached)| *reached).count();
        let share = 100.0 * reached as f64 / within.len().max(1) as f64;
        (
            format!(
                "{:.0} % (of {:.0} to {:.0} %)",
                told * 100.0,
                low * 100.0,
                high.min(1.0) * 100.0
            ),
            within.len(),
            format!("{share:.0} %"),
        )
    });
    bins.collect()
}
