//! How far the cases of each quarter came.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use kadence::funnel::Funnel;
use kadence::verdict::Period;
use serde::{Deserialize, Serialize};

/// The cases that began in a calendar quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// The quarter.
    pub quarter: Period,
    /// How many began in it, at whichever step.
    pub cases: u64,
    /// How many of them have reached each step by now, from the first step on.
    pub reached: Vec<u64>,
    /// How many are on their way.
    pub open: u64,
    /// How many were lost.
    pub lost: u64,
}

/// The cohorts since a day, the earliest first.
pub(super) fn cohorts(funnel: &Funnel, from: NaiveDate) -> Vec<Cohort> {
    let steps = funnel.steps.len();
    let mut cohorts: BTreeMap<NaiveDate, Cohort> = BTreeMap::new();
    for case in funnel.cases.iter().filter(|case| case.is_whole) {
        let Some(first) = case.reached.first().filter(|first| **first >= from) else { continue };
        let Some(quarter) = quarter(*first) else { continue };
        let cohort = cohorts.entry(quarter.from).or_insert_with(|| Cohort {
            quarter,
            cases: 0,
            reached: vec![0; steps],
            open: 0,
            lost: 0,
        });
        cohort.cases += 1;
        let reached = cohort.reached.iter_mut().enumerate();
        reached
            .filter(|(step, _)| case.reached(*step).is_some())
            .for_each(|(_, count)| *count += 1);
        if case.is_lost {
            cohort.lost += 1;
        } else if case.last() + 1 < steps {
            cohort.open += 1;
        }
    }
    cohorts.into_values().collect()
}

fn quarter(day: NaiveDate) -> Option<Period> {
    let month = day.month0() / 3 * 3 + 1;
    let from = NaiveDate::from_ymd_opt(day.year(), month, 1)?;
    let next = from.checked_add_months(chrono::Months::new(3))?;
    Some(Period { from, to: next.pred_opt()? })
}
