//! Rates, times and values, learned from cases.

use chrono::{Days, NaiveDate};
use kadence::funnel::{Case, Funnel, Wants};

use super::{LEAST_CASES, LEAST_VALUES, LEAST_WENT, LEVEL, Lack, Transition, Value};
use crate::{CurrentStatus, KaplanMeier, Random, Rate, Watched, mean_interval};

/// For how many days an assumed way is spread at most.
const LONGEST: u32 = 3660;

/// What was learned.
pub(super) struct Learned {
    /// The first day.
    pub(super) from: NaiveDate,
    pub(super) steps: Vec<Way>,
    /// What sales were worth.
    pub(super) values: Vec<f64>,
    values_unknown: u64,
    /// Whether each counts for one.
    is_count: bool,
    /// How many things of each step the cases took that are past it.
    pub(super) things: Vec<Vec<u32>>,
}

/// From a step to the next.
pub(super) struct Way {
    pub(super) went: KaplanMeier,
    /// Those that were lost: whoever went on was not.
    pub(super) lost: Lost,
    lost_count: u64,
    open: u64,
    assumed: Option<(f64, Option<u32>)>,
}

/// How large a share was lost, by age.
pub(super) enum Lost {
    /// Where it is known of each on which day.
    Dated(KaplanMeier),
    /// Where it is known of some only that they were.
    Undated(CurrentStatus),
}

impl Lost {
    pub(super) fn share(&self, age: u32) -> f64 {
        match self {
            Lost::Dated(curve) => curve.share(age),
            Lost::Undated(status) => status.share(age),
        }
    }
}

impl Way {
    fn new(funnel: &Funnel, cases: &[&Case], step: usize) -> Way {
        let days = |from: NaiveDate, to: NaiveDate| {
            u32::try_from((to - from).num_days()).unwrap_or_default()
        };
        let here = cases.iter().filter_map(|case| Some((case, case.reached(step)?)));
        let (mut went, mut dated, mut status) = (Vec::new(), Vec::new(), Vec::new());
        let (mut open, mut lost_count, mut is_dated) = (0, 0, true);
        for (case, day) in here {
            let all = days(day, funnel.known_through);
            let on = case.reached(step + 1).map(|next| days(day, next));
            let is_lost = case.is_lost && on.is_none();
            let off = case.lost.filter(|_| is_lost).map(|lost| days(day, lost).min(all));
            // Since it is known of each how long it was watched, what was lost goes on to be watched
            // as one that did not go on, and the other way round.
            let watched =
                |end: Option<u32>| Watched { days: end.unwrap_or(all), happened: end.is_some() };
            went.push(watched(on));
            dated.push(watched(off));
            status.push((all, is_lost));
            open += u64::from(on.is_none() && !is_lost);
            lost_count += u64::from(is_lost);
            is_dated &= off.is_some() || !is_lost;
        }
        let lost = match is_dated {
            true => Lost::Dated(KaplanMeier::new(dated)),
            false => Lost::Undated(CurrentStatus::new(status)),
        };
        let assumed = funnel.assumed.iter().find(|assumed| assumed.step == step);
        let assumed = assumed.map(|assumed| {
            let percent: f64 = assumed.percent.to_string().parse().unwrap_or_default();
            let within = assumed.days.and_then(|days| u32::try_from(days).ok());
            (percent / 100.0, within)
        });
        Way { went: KaplanMeier::new(went), lost, lost_count, open, assumed }
    }

    /// Whether there is a rate to go by.
    fn is_known(&self) -> bool {
        let is_seen = self.went.of >= LEAST_CASES && self.went.relied_on() >= LEAST_WENT;
        self.assumed.is_some() || is_seen
    }

    /// The rate as it is assumed, or the one that was seen.
    pub(super) fn rate(&self) -> Result<f64, Rate> {
        self.assumed.map(|(rate, _)| rate).ok_or_else(|| self.went.rate())
    }

    /// How long it takes those that go on: days, with the share of them by then.
    pub(super) fn times(&self) -> Vec<(u32, f64)> {
        match self.assumed {
            Some((_, Some(0))) => vec![(0, 1.0)],
            Some((_, Some(within))) => {
                let within = within.min(LONGEST);
                (1..=within).map(|day| (day, f64::from(day) / f64::from(within))).collect()
            }
            _ => self.went.times(),
        }
    }
}

impl Learned {
    pub(super) fn new(funnel: &Funnel, ask: &super::Ask) -> Learned {
        let back = Days::new(ask.look_back.saturating_sub(1).into());
        let start = funnel.known_through.checked_sub_days(back).unwrap_or(NaiveDate::MIN);
        let cases: Vec<&Case> = funnel
            .cases
            .iter()
            .filter(|case| case.is_whole && case.reached.first().is_some_and(|day| *day >= start))
            .collect();
        let first = cases.iter().filter_map(|case| case.reached.first().copied()).min();
        let last = funnel.steps.len().saturating_sub(1);
        let done =
            funnel.cases.iter().filter(|case| case.reached(last).is_some_and(|day| day >= start));
        let worth = |case: &Case| case.worth.as_ref()?.to_string().parse::<f64>().ok();
        let done: Vec<Option<f64>> = done.map(worth).collect();
        let values: Vec<f64> = done.iter().copied().flatten().collect();
        let past = |step: usize| {
            let is_past = |case: &&&Case| {
                case.start <= step && (case.last() > step || case.is_lost && case.last() == step)
            };
            let counts = cases.iter().filter(is_past);
            counts.filter_map(|case| case.things.get(step).copied()).collect()
        };
        Learned {
            from: first.unwrap_or(start),
            steps: (0..last).map(|step| Way::new(funnel, &cases, step)).collect(),
            values_unknown: (done.len() - values.len()) as u64,
            is_count: funnel.sums.is_none(),
            values: if funnel.sums.is_none() { vec![1.0] } else { values },
            things: (0..=last)
                .map(|step| if step == last { vec![1] } else { past(step) })
                .collect(),
        }
    }

    /// The first step after which all rates are known.
    pub(super) fn first_known(&self) -> usize {
        self.steps.iter().rposition(|way| !way.is_known()).map_or(0, |step| step + 1)
    }

    /// Everything for want of which nothing can be said.
    pub(super) fn lacks(&self, funnel: &Funnel) -> Vec<Lack> {
        if !funnel.adds_up {
            return vec![Lack::NoSum];
        }
        let mut lacks = Vec::new();
        if funnel.goal.measured.is_none() || funnel.goal.target.is_none() {
            lacks.push(Lack::Unknown { reason: funnel.goal.reason.clone().unwrap_or_default() });
        }
        if funnel.wants == Wants::Neither {
            lacks.push(Lack::Exactly);
        }
        if funnel.period.is_none() {
            lacks.push(Lack::NoEnd);
        }
        if funnel.cases.is_empty() && funnel.assumed.is_empty() {
            lacks.push(Lack::NoCases);
            return lacks;
        }
        let names = funnel.steps.iter().zip(funnel.steps.iter().skip(1));
        for (way, (step, next)) in self.steps.iter().zip(names) {
            let (step, next) = (step.text.clone(), next.text.clone());
            let (cases, went) = (way.went.of, way.went.relied_on());
            if way.is_known() {
                continue;
            }
            if cases < LEAST_CASES {
                lacks.push(Lack::FewCases { step, next, cases, needs: LEAST_CASES });
            } else {
                lacks.push(Lack::FewWent { step, next, cases, went, needs: LEAST_WENT });
            }
        }
        let known = self.values.len() as u64;
        if known < LEAST_VALUES && !self.is_count {
            lacks.push(Lack::FewValues { known, needs: LEAST_VALUES });
        }
        if matches!(funnel.wants, Wants::AtMost | Wants::Less) {
            lacks.push(Lack::LessIsBetter);
        }
        lacks
    }

    pub(super) fn transition(&self, step: usize) -> Option<Transition> {
        let way = self.steps.get(step)?;
        let (cases, went) = (way.went.of, way.went.happened);
        let (rate, range) = match way.rate() {
            Ok(assumed) => (Some(assumed), None),
            Err(seen) => (seen.share(), (seen.of > 0.0).then(|| seen.interval(LEVEL))),
        };
        let times = way.times();
        let by = |part: f64| times.iter().find(|(_, by)| *by >= part).map(|(day, _)| *day);
        Some(Transition {
            cases,
            went,
            lost: way.lost_count,
            open: way.open,
            rate,
            range,
            is_assumed: way.assumed.is_some(),
            days: by(0.5),
            days_of_most: by(0.9),
        })
    }

    pub(super) fn things_per_case(&self, step: usize) -> Option<f64> {
        let counts = self.things.get(step).filter(|counts| !counts.is_empty())?;
        Some(f64::from(counts.iter().sum::<u32>()) / counts.len() as f64)
    }

    /// What a sale is worth.
    pub(super) fn value(&self, random: &mut Random) -> Option<Value> {
        if self.is_count || self.values.is_empty() {
            return None;
        }
        let n = self.values.len();
        Some(Value {
            known: n as u64,
            unknown: self.values_unknown,
            mean: self.values.iter().sum::<f64>() / n as f64,
            range: mean_interval(&self.values, LEVEL, random),
        })
    }
}
