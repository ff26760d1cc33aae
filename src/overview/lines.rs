//! How a number came to be what it is, day by day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::Number;
use crate::model::calendar::plus_days;
use crate::prepared::Prepared;
use crate::ruleset::{AsOf, EvaluateError, Options, RuleSet};
use crate::verdict::{Form, Outline, Period, Report, Verdict};

/// On how many days of a period a number is measured.
const SAMPLES: i64 = 16;

/// What was measured as of earlier days, beside what is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetLine {
    /// The verdict's place in [`Report::verdicts`].
    pub verdict: usize,
    /// Whether a period runs towards the target: then it is due evenly from the first day to the last.
    /// Else the target is asked on every day.
    pub is_paced: bool,
    /// The first day: of the period, or of those that are looked back.
    pub from: NaiveDate,
    /// The last day: of the period, or the as-of day.
    pub to: NaiveDate,
    /// What is asked.
    pub target: Number,
    /// What was measured, by today's data, the earliest first. Days on which nothing could be
    /// measured are left out.
    pub points: Vec<Point>,
}

/// What was measured as of the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The day.
    pub day: NaiveDate,
    /// What was measured.
    pub value: Number,
}

/// The lines of what sellers, teams and the company are judged by themselves.
pub(super) fn target_lines(
    rules: &RuleSet,
    data: &Prepared,
    options: &Options,
    (report, outlines): (&Report, &[Outline]),
    months: &[NaiveDate],
) -> Result<Vec<TargetLine>, EvaluateError> {
    let mut lines = Vec::new();
    // As of which days which rules are judged again.
    let mut asked: BTreeMap<NaiveDate, BTreeSet<&str>> = BTreeMap::new();
    for (place, (verdict, outline)) in report.verdicts.iter().zip(outlines).enumerate() {
        let Some(line) = line(place, verdict, outline, (report.day, months)) else { continue };
        for day in days(&line, verdict, report.day, months) {
            asked.entry(day).or_default().insert(&verdict.rule);
        }
        lines.push(line);
    }

    let mut of_subject: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (place, line) in lines.iter().enumerate() {
        if let Some(verdict) = report.verdicts.get(line.verdict) {
            of_subject.entry((&verdict.rule, &verdict.subject.id)).or_default().push(place);
        }
    }
    for (day, only) in asked {
        let only = only.into_iter().map(str::to_owned).collect();
        let then = Options { as_of: AsOf::Day(day), history: false, only, ..options.clone() };
        for decision in rules.judge(data, &then)?.decisions() {
            let Some(value) = decision.measured() else { continue };
            for place in
                of_subject.get(&(decision.rule(), &*decision.subject())).into_iter().flatten()
            {
                let Some(line) = lines.get_mut(*place) else { continue };
                if line.from <= day && day <= line.to && day < report.day {
                    line.points.push(Point { day, value: value.clone() });
                }
            }
        }
    }
    for line in &mut lines {
        let now = report.verdicts.get(line.verdict).and_then(|verdict| verdict.measured.clone());
        let day = report.day.min(line.to);
        line.points.extend(now.map(|value| Point { day, value }));
    }
    Ok(lines)
}

/// A line without its points, where a verdict has one.
fn line(
    verdict: usize,
    of: &Verdict,
    outline: &Outline,
    (today, months): (NaiveDate, &[NaiveDate]),
) -> Option<TargetLine> {
    let is_measured = matches!(of.subject.kind.as_str(), "seller" | "team" | "company");
    if !is_measured || outline.form != Form::Comparison {
        return None;
    }
    let (target, _) = of.target.clone().zip(of.measured.as_ref())?;
    let period = running(of, today);
    let first = months.first().copied().unwrap_or(today);
    let (from, to) = period.map_or((first, today), |period| (period.from, period.to));
    let is_paced = period.is_some() && outline.pace.is_some();
    Some(TargetLine { verdict, is_paced, from, to, target, points: Vec::new() })
}

/// The period of a verdict, where the as-of day is in it.
fn running(verdict: &Verdict, today: NaiveDate) -> Option<Period> {
    verdict.period.filter(|period| period.from <= today && today <= period.to)
}

/// As of which days before the as-of day a line is measured.
fn days(
    line: &TargetLine,
    verdict: &Verdict,
    today: NaiveDate,
    months: &[NaiveDate],
) -> Vec<NaiveDate> {
    if running(verdict, today).is_none() {
        return months.to_vec();
    }
    let count = (today - line.from).num_days();
    let samples = count.min(SAMPLES);
    (0..samples).map(|n| plus_days(line.from, n * count / samples.max(1))).collect()
}
