//! Scores over time.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::frozen::Frozen;
use super::run::{Run, RunId};
use crate::verdict::{NamedTally, Scores, Tally};

/// The score of everybody, month by month, without a gap from the first month to the last.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Trends {
    /// The months, the first first.
    pub months: Vec<TrendMonth>,
    /// For each month the company's tally; none where no run is of that month.
    pub company: Vec<Option<Tally>>,
    /// Of each team that ever had one, by id.
    pub teams: Vec<Trend>,
    /// Of each seller, by id.
    pub sellers: Vec<Trend>,
    /// Of each rule: as written in the last run, then those that are gone by then, by id.
    pub rules: Vec<Trend>,
}

/// A month, and the run that speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendMonth {
    /// Its first day.
    pub month: NaiveDate,
    /// The run; none where there is none.
    pub run: Option<RunId>,
    /// The as-of day of the run.
    pub day: Option<NaiveDate>,
    /// The fingerprint of its rules: scores by other rules are other scores.
    pub rules: Option<String>,
    /// Whether a period that ended on that day is frozen as the run has it.
    pub frozen: bool,
}

/// The tallies of one team, seller or rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// Its id.
    pub id: String,
    /// For each month its tally; none where no run of that month knows it.
    pub tallies: Vec<Option<Tally>>,
}

/// The last run of each month, the first month first: the one of the last as-of; of several as of
/// that moment the one by which a period was frozen, else the one that was kept last.
pub fn by_month<'r>(runs: &'r [Run], frozen: &[Frozen]) -> Vec<&'r Run> {
    let rank = |run: &Run| {
        let is_frozen = frozen.iter().any(|frozen| frozen.run == run.id);
        (run.day, run.as_of, is_frozen, run.id)
    };
    let mut last: BTreeMap<NaiveDate, &Run> = BTreeMap::new();
    for run in runs {
        let best = last.entry(month_of(run.day)).or_insert(run);
        if rank(run) > rank(best) {
            *best = run;
        }
    }
    last.into_values().collect()
}

fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl Trends {
    /// The trends of runs of different months, with their scores, the first first; [`by_month`]
    /// chooses them.
    ///
    /// ```
    /// use kadence::history::{Run, RunId, Trends, by_month};
    /// use kadence::verdict::{Scores, Tally};
    ///
    /// let run = |id, day: &str, score| Run {
    ///     id: RunId(id),
    ///     taken: "2026-11-16T06:00:00Z".parse().unwrap(),
    ///     as_of: format!("{day}T18:00:00+01:00").parse().unwrap(),
    ///     day: day.parse().unwrap(),
    ///     rules: "cbf29ce484222325".to_owned(),
    ///     coverage: Default::default(),
    ///     scope: Default::default(),
    ///     version: "0.1.0".to_owned(),
    ///     verdicts: 4,
    ///     company: Tally { score: Some(score), ..Tally::default() },
    /// };
    /// let runs = [run(1, "2026-08-31", 0.5), run(2, "2026-10-30", 0.6), run(3, "2026-10-31", 0.7)];
    /// let none = |run: &Run| Scores {
    ///     company: run.company.clone(), teams: vec![], sellers: vec![], rules: vec![],
    /// };
    /// let chosen: Vec<_> = by_month(&runs, &[]).into_iter().map(|run| (run, none(run))).collect();
    /// let trends = Trends::new(&chosen, &[]);
    /// let scores: Vec<_> = trends.company.iter().map(|of| of.as_ref()?.score).collect();
    /// // Nothing was kept in September.
    /// assert_eq!(scores, [Some(0.5), None, Some(0.7)]);
    /// ```
    pub fn new(runs: &[(&Run, Scores)], frozen: &[Frozen]) -> Self {
        let months = months(runs);
        let place = |run: &Run| months.iter().position(|month| *month == month_of(run.day));
        let mut of_months: Vec<Option<&(&Run, Scores)>> = vec![None; months.len()];
        for run in runs {
            if let Some(cell) = place(run.0).and_then(|place| of_months.get_mut(place)) {
                *cell = Some(run);
            }
        }
        let month = |(month, of): (&NaiveDate, &Option<&(&Run, Scores)>)| {
            let run = of.map(|(run, _)| *run);
            TrendMonth {
                month: *month,
                run: run.map(|run| run.id),
                day: run.map(|run| run.day),
                rules: run.map(|run| run.rules.clone()),
                frozen: run.is_some_and(|run| frozen.iter().any(|one| one.run == run.id)),
            }
        };
        let scores: Vec<Option<&Scores>> =
            of_months.iter().map(|of| of.map(|(_, scores)| scores)).collect();
        let mut rules = named(&scores, |scores| &scores.rules);
        let as_written = runs.last().map(|(_, scores)| scores.rules.as_slice()).unwrap_or_default();
        let written = |rule: &Trend| as_written.iter().position(|of| of.id == rule.id);
        rules.sort_by_cached_key(|rule| written(rule).unwrap_or(usize::MAX));
        Trends {
            months: months.iter().zip(&of_months).map(month).collect(),
            company: scores.iter().map(|of| of.map(|scores| scores.company.clone())).collect(),
            teams: named(&scores, |scores| &scores.teams),
            sellers: named(&scores, |scores| &scores.sellers),
            rules,
        }
    }
}

/// From the first month to the last, every one.
fn months(runs: &[(&Run, Scores)]) -> Vec<NaiveDate> {
    let days = || runs.iter().map(|(run, _)| month_of(run.day));
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Vec::new() };
    let next = |month: &NaiveDate| month.checked_add_months(Months::new(1));
    std::iter::successors(Some(first), next).take_while(|month| *month <= last).collect()
}

/// By id.
fn named<'s>(
    scores: &[Option<&'s Scores>],
    of: impl Fn(&'s Scores) -> &'s [NamedTally],
) -> Vec<Trend> {
    let mut trends: BTreeMap<&str, Vec<Option<Tally>>> = BTreeMap::new();
    for (place, month) in scores.iter().enumerate() {
        for NamedTally { id, tally } in month.map(&of).unwrap_or_default() {
            let tallies = trends.entry(id).or_insert_with(|| vec![None; scores.len()]);
            if let Some(cell) = tallies.get_mut(place) {
                *cell = Some(tally.clone());
            }
        }
    }
    trends.into_iter().map(|(id, tallies)| Trend { id: id.to_owned(), tallies }).collect()
}
