//! How much activity a goal needs.
//!
//! What went how far through a goal's funnel says how large a share goes on from each step, how
//! long that takes, and what a sale is worth. From these the rest of the period is played out many
//! times, each time with rates and values as they may be after what was seen. So every answer is a
//! range, and says how sure it is.
//!
//! - `learn`: rates, times and values from cases; `draw`: one way in which the rest may go
//! - `cohorts`: how far the cases of each quarter came

mod cohorts;
mod draw;
mod learn;

use chrono::NaiveDate;
use kadence::funnel::{Funnel, Wants, Workdays};
use kadence::verdict::{GoalVerdict, Period, ReportProblem, RuleInfo, Subject};
use rand::SeedableRng;
use serde::{Deserialize, Serialize};

use crate::{Interval, Random, quantile};

pub use cohorts::Cohort;

use draw::{Outcome, Play};
use learn::Learned;

/// How many cases there must be at a step before its rate is relied on.
pub const LEAST_CASES: u64 = 10;
/// How many of them must have gone on.
pub const LEAST_WENT: u64 = 3;
/// How many sales there must be before their values are relied on.
pub const LEAST_VALUES: u64 = 5;
/// How many new cases there must have been before their pace is relied on.
pub const LEAST_NEW: u64 = 10;
/// The part of all plays that ranges hold.
pub const LEVEL: f64 = 0.8;

/// What is wanted of a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// How many times the rest of the period is played out; 2,000 unless set.
    pub plays: u32,
    /// Where the random numbers start; 0 unless set.
    pub seed: u64,
    /// From how many days back it is learned; two years unless set.
    pub look_back: u32,
}

impl Default for Ask {
    fn default() -> Self {
        Ask { plays: 2000, seed: 0, look_back: 731 }
    }
}

/// What a goal needs, and how likely it is reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of day.
    pub day: NaiveDate,
    /// The last day of which all activities are known; it is played out from there.
    pub known_through: NaiveDate,
    /// The goal, and how the company stands with it.
    pub goal: GoalVerdict,
    /// The days in which it is to be reached; none where they have no end, or one that moves.
    pub period: Option<Period>,
    /// The workdays of the period.
    pub workdays: Workdays,
    /// The days from which it was learned.
    pub learned_from: Period,
    /// How many times the rest was played out; 0 where it could not be.
    pub plays: u32,
    /// From the first step to what the goal counts.
    pub steps: Vec<StepForecast>,
    /// What one of the last step counts for; none of a count.
    pub value: Option<Value>,
    /// What will be measured at the end at today's pace: what is there, what comes of what is on
    /// its way, and what comes of new cases that come as fast as they did.
    pub at_pace: Option<Estimate>,
    /// In how many of all plays the goal is reached at today's pace, from 0 to 1.
    pub chance: Option<f64>,
    /// In how many of all plays no number of new cases would do: there is not the time. From 0
    /// to 1.
    pub too_late: Option<f64>,
    /// How far the cases of each quarter came.
    pub cohorts: Vec<Cohort>,
    /// What each seller's part of the need is, by the workdays that they have left.
    pub sellers: Vec<SellerForecast>,
    /// The first step from which on there is an answer: the rates before it are not known.
    pub answered_from: usize,
    /// Why there is no answer, or only a part of it.
    pub lacks: Vec<Lack>,
    /// The rules that support the goal, as written.
    pub supported_by: Vec<RuleInfo>,
    /// What was wrong with the data, or is worth saying about it: a host that read it says so here.
    pub problems: Vec<ReportProblem>,
}

/// A number with the range that holds it in eight of ten plays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The middle: half of all plays have less.
    pub median: f64,
    /// A tenth of all plays has less.
    pub low: f64,
    /// A tenth of all plays has more; none where that has no bound, since there is not the time.
    pub high: Option<f64>,
}

/// A step of the way to a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepForecast {
    /// As written.
    pub text: String,
    /// How many there were in the period so far.
    pub so_far: u64,
    /// How many things of it are left out, since nobody knows on which day they were.
    pub undated: u64,
    /// How many cases stand here now, neither lost nor further.
    pub open: u64,
    /// How many things of the step a case takes, of those that are past it.
    pub things_per_case: Option<f64>,
    /// How many go on to the next step; none of the last one.
    pub on: Option<Transition>,
    /// How many more are needed in the rest of the period.
    pub needed: Option<Estimate>,
    /// The same a month.
    pub needed_per_month: Option<Estimate>,
    /// How many come in the rest of the period at today's pace.
    pub at_pace: Option<Estimate>,
}

/// From one step to the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// How many cases reached the step in the days from which it was learned.
    pub cases: u64,
    /// How many of them have gone on.
    pub went: u64,
    /// How many were lost before they did.
    pub lost: u64,
    /// How many may still go on.
    pub open: u64,
    /// The share that goes on in the end, from 0 to 1: by Kaplan and Meier, or as assumed.
    pub rate: Option<f64>,
    /// Between what and what that rate lies; none of one that is assumed.
    pub range: Option<Interval>,
    /// Whether the rules assume the rate.
    pub is_assumed: bool,
    /// How many days it takes those that go on, in the middle.
    pub days: Option<u32>,
    /// In how many days nine of ten of them have gone on.
    pub days_of_most: Option<u32>,
}

/// What a sale is worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// How many are known.
    pub known: u64,
    /// How many are not, and are left out.
    pub unknown: u64,
    /// Their mean.
    pub mean: f64,
    /// Between what and what the mean lies.
    pub range: Option<Interval>,
}

/// A seller's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SellerForecast {
    /// Who.
    pub seller: Subject,
    /// The workdays that the seller has left.
    pub workdays: i64,
    /// How many things of each step the seller had in the period so far.
    pub so_far: Vec<u64>,
    /// How many more of each step are the seller's part.
    pub needed: Vec<Option<Estimate>>,
}

/// Why something cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lack", rename_all = "snake_case")]
pub enum Lack {
    /// What the goal measures does not add up: a share, say.
    NoSum,
    /// The goal's days have no end, or one that moves.
    NoEnd,
    /// There are no cases at all.
    NoCases,
    /// Too few cases at a step.
    FewCases {
        /// The step.
        step: String,
        /// The next one.
        next: String,
        /// How many there are.
        cases: u64,
        /// How many there should be.
        needs: u64,
    },
    /// There are cases at a step, and too few went on.
    FewWent {
        /// The step.
        step: String,
        /// The next one.
        next: String,
        /// How many cases there are.
        cases: u64,
        /// How many of them went on.
        went: u64,
        /// How many should have.
        needs: u64,
    },
    /// Too few sales of a known value.
    FewValues {
        /// How many there are.
        known: u64,
        /// How many there should be.
        needs: u64,
    },
    /// What is measured, or what is asked for, is not known.
    Unknown {
        /// Why not.
        reason: String,
    },
    /// It asks for exactly so many, or not so many.
    Exactly,
    /// Too few new cases to say how fast they come: nothing is said of today's pace.
    FewNew {
        /// How many came in the days from which the pace is taken.
        cases: u64,
        /// How many there should be.
        needs: u64,
    },
    /// Less is better: there is nothing to be done more of.
    LessIsBetter,
}

/// How much activity a goal needs, from what went how far on the way to it.
///
/// ```
/// use kadence::{Activity, ActivityStatus, AsOf, Dataset, Lead, Moment, NoFiles, Options, RuleSet};
/// use kadence_statistics::goal::{self, Ask};
///
/// let text = "goal meetings = meetings >= 40 per year\n    through lead > meeting";
/// let rules = RuleSet::compile("goals.kpi", text, &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// for n in 0..60 {
///     let created = format!("2026-{:02}-{:02}T09:00", 1 + n / 12, 1 + 2 * (n % 12)).parse::<Moment>()?;
///     data.add(Lead { created: Some(created), ..Lead::new(format!("l{n}")) });
///     if n % 3 == 0 {
///         let at = format!("2026-{:02}-{:02}T09:00", 1 + n / 12, 4 + 2 * (n % 12)).parse::<Moment>()?;
///         let met = Activity::new(format!("a{n}"), "meeting", ActivityStatus::Completed, at);
///         data.add(Activity { lead: Some(format!("l{n}")), ..met });
///     }
/// }
/// let (data, _notes) = data.build()?;
///
/// let funnel = rules.funnel(&data, &Options::at("2026-06-30".parse::<AsOf>()?), "meetings")?;
/// let forecast = goal::forecast(&funnel, &Ask::default());
/// let on = forecast.steps[0].on.as_ref().unwrap();
/// assert_eq!((on.cases, on.went), (60, 20));
/// // A third of the leads is met: the 20 meetings that are missing take about 60 more.
/// let needed = forecast.steps[0].needed.unwrap();
/// assert!(needed.low < 60.0 && 60.0 < needed.high.unwrap());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn forecast(funnel: &Funnel, ask: &Ask) -> Forecast {
    let learned = Learned::new(funnel, ask);
    let lacks = learned.lacks(funnel);
    let mut random = Random::seed_from_u64(ask.seed);
    // Without a rate it is not known what comes of a step: then new cases begin at the next one.
    let first = learned.first_known();
    let mut lacks = lacks;
    let mut outcomes = Vec::new();
    let mut knows_pace = false;
    if let (Some(period), false) = (funnel.period, lacks.iter().any(Lack::is_final)) {
        let play = Play::new(funnel, &learned, period, (first, ask.plays));
        knows_pace = play.new_cases() >= LEAST_NEW;
        if !knows_pace {
            lacks.push(Lack::FewNew { cases: play.new_cases(), needs: LEAST_NEW });
        }
        outcomes = play.all(&mut random);
    }
    let step = |place: usize| {
        let outcomes = if place < first { &[][..] } else { &outcomes };
        let told = step_of(funnel, &learned, outcomes, place);
        StepForecast { at_pace: told.at_pace.filter(|_| knows_pace), ..told }
    };
    let steps: Vec<StepForecast> = (0..funnel.steps.len()).map(step).collect();
    let share = |is: &dyn Fn(&Outcome) -> bool| {
        let count = outcomes.iter().filter(|outcome| is(outcome)).count();
        (!outcomes.is_empty()).then(|| count as f64 / outcomes.len() as f64)
    };
    let values = || outcomes.iter().map(|outcome| Some(outcome.at_pace));
    Forecast {
        schema: 1,
        day: funnel.day,
        known_through: funnel.known_through,
        goal: funnel.goal.clone(),
        period: funnel.period,
        workdays: funnel.workdays,
        learned_from: Period { from: learned.from, to: funnel.known_through },
        plays: u32::try_from(outcomes.len()).unwrap_or(u32::MAX),
        value: learned.value(&mut random),
        at_pace: estimate(values()).filter(|_| knows_pace),
        chance: share(&|outcome| outcome.is_reached).filter(|_| knows_pace),
        too_late: share(&|outcome| outcome.needed.is_none())
            .filter(|_| funnel.wants == Wants::More),
        cohorts: cohorts::cohorts(funnel, learned.from),
        sellers: sellers(funnel, &steps),
        answered_from: first,
        lacks,
        supported_by: funnel.supported_by.clone(),
        problems: Vec::new(),
        steps,
    }
}

/// The estimate of one number in each play; none stands above every number.
fn estimate(values: impl Iterator<Item = Option<f64>>) -> Option<Estimate> {
    let mut values: Vec<f64> = values.map(|value| value.unwrap_or(f64::INFINITY)).collect();
    values.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - LEVEL) / 2.0;
    let finite = |at: f64| {
        let value = quantile(&values, at)?;
        value.is_finite().then_some(value)
    };
    Some(Estimate { median: finite(0.5)?, low: finite(tail)?, high: finite(1.0 - tail) })
}

impl Estimate {
    /// A part of it.
    fn times(self, part: f64) -> Estimate {
        let Estimate { median, low, high } = self;
        Estimate { median: median * part, low: low * part, high: high.map(|high| high * part) }
    }
}

impl Lack {
    /// Whether there is no answer at all.
    fn is_final(&self) -> bool {
        match self {
            Lack::NoSum
            | Lack::NoEnd
            | Lack::NoCases
            | Lack::FewValues { .. }
            | Lack::Unknown { .. }
            | Lack::Exactly => true,
            Lack::FewCases { .. }
            | Lack::FewWent { .. }
            | Lack::FewNew { .. }
            | Lack::LessIsBetter => false,
        }
    }
}

fn step_of(funnel: &Funnel, learned: &Learned, outcomes: &[Outcome], place: usize) -> StepForecast {
    let step = funnel.steps.get(place);
    let is_here = |case: &&kadence::funnel::Case| case.last() == place && !case.is_lost;
    let is_last = place + 1 == funnel.steps.len();
    let of = |counts: &[f64]| counts.get(place).copied().unwrap_or_default();
    let wanted = || outcomes.iter().filter(|_| funnel.wants == Wants::More);
    let needed = estimate(wanted().map(|one| one.needed.as_ref().map(|counts| of(counts))));
    // A month of the period: so many days of it are left.
    let first = |period: Period| (period.from - chrono::Days::new(1)).max(funnel.known_through);
    let left = funnel.period.map_or(0, |period| (period.to - first(period)).num_days());
    let months = left as f64 / (365.25 / 12.0);
    let per_month =
        needed.filter(|_| months > 0.0).map(|needed| needed.times(1.0 / months.max(1.0)));
    StepForecast {
        text: step.map_or_else(String::new, |step| step.text.clone()),
        so_far: step.map_or(0, |step| step.so_far),
        undated: step.map_or(0, |step| step.undated),
        open: if is_last { 0 } else { funnel.cases.iter().filter(is_here).count() as u64 },
        things_per_case: learned.things_per_case(place),
        on: learned.transition(place),
        needed,
        needed_per_month: per_month,
        at_pace: estimate(outcomes.iter().map(|one| Some(of(&one.pace)))),
    }
}

fn sellers(funnel: &Funnel, steps: &[StepForecast]) -> Vec<SellerForecast> {
    let weight = |text: String| text.parse::<f64>().unwrap_or_default();
    let all: f64 = funnel.sellers.iter().map(|one| weight(one.weighed.to_string())).sum();
    let of = |one: &kadence::funnel::SellerDays| {
        let part = weight(one.weighed.to_string()) / all;
        let own = |step: &kadence::funnel::Step| {
            let own = step.by_seller.iter().find(|count| count.seller == one.seller.id);
            own.map_or(0, |count| count.things)
        };
        SellerForecast {
            seller: one.seller.clone(),
            workdays: one.workdays,
            so_far: funnel.steps.iter().map(own).collect(),
            needed: steps.iter().map(|step| Some(step.needed?.times(part))).collect(),
        }
    };
    if all > 0.0 { funnel.sellers.iter().map(of).collect() } else { Vec::new() }
}
