//! How things stood earlier, and what is otherwise now.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::comparison::Direction;
use crate::prepared::Prepared;
use crate::ruleset::{AsOf, EvaluateError, Options, RuleSet};
use crate::verdict::{Report, Scores, Status, Subject, Verdict};

/// Where what was earlier comes from.
#[derive(Debug, Clone)]
pub enum Past {
    /// From today's data and rules, judged as of the ends of the last twelve months, as far as
    /// activities are known; the changes are those since the last of them. What was entered late
    /// or corrected counts as it is known now.
    Judged,
    /// From what was kept at the time.
    Kept {
        /// The scores of then, the earliest first.
        trend: Vec<Standing>,
        /// The last report, with which this one is compared.
        last: Option<Box<Report>>,
    },
}

/// The scores as of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The as-of day.
    pub day: NaiveDate,
    /// The scores.
    pub scores: Scores,
}

/// What is otherwise than it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Since {
    /// The as-of day of then.
    pub day: NaiveDate,
    /// The company's score of then, from 0 to 1.
    pub score: Option<f64>,
    /// The verdicts whose status was another, in their order. A rule with a period is compared with
    /// its latest one.
    pub changed: Vec<Changed>,
    /// What was judged then and is no more, as it was.
    pub gone: Vec<Gone>,
}

/// A verdict that is otherwise than it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its place in [`Report::verdicts`].
    pub verdict: usize,
    /// The status of then; none where the rule did not judge the subject.
    pub before: Option<Status>,
    /// Which way.
    pub direction: Direction,
}

/// What was judged then and is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// The rule's id.
    pub rule: String,
    /// Who or what was judged.
    pub subject: Subject,
    /// The id of the seller it belonged to.
    pub owner: Option<String>,
    /// The status of then.
    pub before: Status,
}

/// The trend up to now, and what changed.
pub(super) fn told(
    rules: &RuleSet,
    data: &Prepared,
    options: &Options,
    past: &Past,
    (report, months): (&Report, &[NaiveDate]),
) -> Result<(Vec<Standing>, Option<Since>), EvaluateError> {
    let (mut trend, last) = match past {
        Past::Kept { trend, last } => {
            let earlier = trend.iter().filter(|standing| standing.day < report.day);
            (earlier.cloned().collect(), last.as_deref().map(|last| since(last, report)))
        }
        Past::Judged => judged(rules, data, options, (report, months))?,
    };
    trend.push(Standing { day: report.day, scores: report.scores.clone() });
    Ok((trend, last))
}

fn judged(
    rules: &RuleSet,
    data: &Prepared,
    options: &Options,
    (report, months): (&Report, &[NaiveDate]),
) -> Result<(Vec<Standing>, Option<Since>), EvaluateError> {
    let mut trend = Vec::new();
    let mut last = None;
    for (place, day) in months.iter().enumerate() {
        let then = Options { as_of: AsOf::Day(*day), from: None, ..options.clone() };
        let evaluation = rules.judge(data, &then)?;
        trend.push(Standing { day: *day, scores: evaluation.scores() });
        if place + 1 == months.len() {
            last = Some(since(&evaluation.report(), report));
        }
    }
    Ok((trend, last))
}

/// What of a report is otherwise than in an earlier one.
fn since(last: &Report, report: &Report) -> Since {
    let earlier: HashMap<Key<'_>, &Verdict> =
        last.verdicts.iter().map(|verdict| (key(verdict), verdict)).collect();
    // Of several periods the latest comes last.
    let now: HashMap<Key<'_>, usize> =
        report.verdicts.iter().enumerate().map(|(place, verdict)| (key(verdict), place)).collect();
    let mut changed: Vec<Changed> = Vec::new();
    for (key, place) in &now {
        let before = earlier.get(key).map(|verdict| verdict.status);
        let status = report.verdicts.get(*place).map(|verdict| verdict.status);
        let direction = Direction::of(before, status);
        changed.extend(direction.map(|direction| Changed { verdict: *place, before, direction }));
    }
    changed.sort_by_key(|changed| changed.verdict);
    let mut seen = HashSet::new();
    let latest = last.verdicts.iter().rev().filter(|verdict| seen.insert(key(verdict)));
    let mut gone: Vec<Gone> = latest
        .filter(|verdict| !now.contains_key(&key(verdict)))
        .map(|verdict| Gone {
            rule: verdict.rule.clone(),
            subject: verdict.subject.clone(),
            owner: verdict.owner.clone(),
            before: verdict.status,
        })
        .collect();
    gone.reverse();
    Since { day: last.day, score: last.scores.company.score, changed, gone }
}

/// What makes two verdicts ones on the same thing.
type Key<'v> = (&'v str, &'v str, &'v str);

fn key(verdict: &Verdict) -> Key<'_> {
    (&verdict.rule, &verdict.subject.kind, &verdict.subject.id)
}
