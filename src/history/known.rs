//! What was known then against what is known now.

use std::collections::BTreeSet;

use chrono::Utc;
use serde::{Deserialize, Serialize};

use super::differences::{KnownDifference, Pictures};
use super::late::{LateActivity, logged_by};
use super::rules::fingerprint;
use super::run::{Run, Scope};
use crate::comparison::{Change, Counts, RuleDifference, ScoreDifferences, rule_differences};
use crate::model::Dataset;
use crate::ruleset::{EvaluateError, RuleSet};
use crate::verdict::{Period, Report};

/// What was said as of a moment, held against what is to be said of it now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// What was kept.
    pub run: Run,
    /// The fingerprint of the rules by which it is judged now.
    pub rules: String,
    /// The rules that are not what they were: those of now as written, then those that are gone. None
    /// where the rules that were kept judge again.
    pub changes: Vec<RuleDifference>,
    /// The period to whose settled verdicts it is confined, if it is.
    pub within: Option<Period>,
    /// What lies before the moment and was logged at or after it, by its days.
    pub late: Vec<LateActivity>,
    /// How many verdicts differ: for each rule that there was then and is now, as written.
    pub counts: Vec<KnownCounts>,
    /// The scores then and now, of all verdicts.
    pub scores: ScoreDifferences,
    /// The verdicts that differ: rules as written, then subjects by id, then periods by date.
    pub differences: Vec<KnownDifference>,
}

/// How the verdicts of one rule differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCounts {
    /// Its id now.
    pub rule: String,
    /// How many verdicts have another status, and in which direction.
    #[serde(flatten)]
    pub counts: Counts,
    /// How many have the same status and other figures, or another owner. They are not among the
    /// same.
    pub figures: u64,
}

/// Holds what a run said against what is to be said of the same moment now: by these rules, with
/// this data, and with what was logged since counted as if it had been logged when it happened.
///
/// `then` is the report of the run, and `rules_then` are its rules. Where `rules` are others, rules
/// belong together as [`Backtest`](crate::Backtest) has it, and those that only one side has are not
/// compared. With `within`, only verdicts that are settled with that period are
/// ([`Frozen::settles`](super::Frozen::settles)); scores stay those of all.
///
/// ```
/// use kadence::comparison::Direction;
/// use kadence::history::{Cause, Coverage, Run, RunId, Snapshot, known};
/// use kadence::{
///     Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Options, RuleSet,
/// };
///
/// let rules = RuleSet::compile("calls.kpi", "customer: calls >= 1 per month as called", &NoFiles)?;
/// let data = |calls: &[(&str, &str)]| -> Result<Dataset, Box<dyn std::error::Error>> {
///     let mut data = Dataset::builder(rules.schema());
///     data.add(Customer::new("acme"));
///     for (at, created) in calls {
///         let created = Some(created.parse::<Moment>()?);
///         let call = Activity::new("a1", "call", ActivityStatus::Completed, at.parse::<Moment>()?);
///         data.add(Activity { customer: Some("acme".into()), created, ..call });
///     }
///     Ok(data.build()?.0)
/// };
/// let options = Options::at("2026-10-31".parse::<AsOf>()?);
/// let report = rules.evaluate(&data(&[])?, &options)?;
/// let run = Run {
///     id: RunId(1),
///     taken: "2026-11-01T06:00:00Z".parse()?,
///     as_of: report.as_of.parse()?,
///     day: report.day,
///     rules: kadence::history::fingerprint(&rules),
///     coverage: Coverage::default(),
///     scope: (&options).into(),
///     version: "0.1.0".to_owned(),
///     verdicts: 1,
///     company: report.scores.company.clone(),
/// };
///
/// // The call of October was logged in November.
/// let today = data(&[("2026-10-30T10:00", "2026-11-03T08:00")])?;
/// let known = known(&run, &report, &rules, &rules, &today, None)?;
/// let difference = &known.differences[0];
/// assert_eq!(difference.direction, Some(Direction::Better));
/// assert_eq!(difference.cause, Cause::LoggedLate);
/// assert_eq!(difference.late, ["a1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`RuleSet::evaluate`] has them; a rule that [`Scope::only`] names may be gone.
pub fn known(
    run: &Run,
    then: &Report,
    rules_then: &RuleSet,
    rules: &RuleSet,
    data: &Dataset,
    within: Option<Period>,
) -> Result<Known, EvaluateError> {
    let moment = run.as_of.with_timezone(&Utc);
    let options = run.scope.at(moment);
    let (caught_up, late) = logged_by(data, moment);
    let as_logged = rules.evaluate(data, &options)?;
    let caught_up = caught_up.map(|data| rules.evaluate(&data, &options)).transpose()?;
    let now = caught_up.as_ref().unwrap_or(&as_logged);

    let ids: BTreeSet<&str> = late.iter().map(|activity| activity.id.as_str()).collect();
    let pictures = Pictures {
        then: &then.verdicts,
        as_logged: &as_logged.verdicts,
        now: &now.verdicts,
        late: &ids,
    };
    let mut pairs = pairs(rules_then, rules, &run.scope);
    let found = pictures.differences(&pairs, within);
    let mut counts = Vec::new();
    let mut differences = Vec::new();
    for (rule, (of_rule, same)) in pairs.iter().zip(found) {
        let (Some(_), Some(rule)) = (&rule.old, &rule.new) else { continue };
        let mut of = Counts { same, ..Counts::default() };
        let directions = of_rule.iter().filter_map(|difference| difference.direction);
        directions.for_each(|direction| of.count(Some(direction)));
        let figures = of_rule.iter().filter(|difference| difference.direction.is_none()).count();
        let figures = u64::try_from(figures).unwrap_or(u64::MAX);
        counts.push(KnownCounts { rule: rule.id.clone(), counts: of, figures });
        differences.extend(of_rule);
    }
    pairs.retain(|rule| rule.change != Change::Same);
    Ok(Known {
        run: run.clone(),
        rules: fingerprint(rules),
        changes: pairs,
        within,
        counts,
        scores: ScoreDifferences::new(Some(&then.scores), Some(&now.scores)),
        differences,
        late,
    })
}

/// What became of the rules that were judged.
fn pairs(then: &RuleSet, now: &RuleSet, scope: &Scope) -> Vec<RuleDifference> {
    let is_asked = |rule: &RuleDifference| {
        let ids = [&rule.old, &rule.new].into_iter().flatten().map(|rule| &rule.id);
        scope.only.is_empty() || ids.into_iter().any(|id| scope.only.contains(id))
    };
    rule_differences(then, now).into_iter().filter(is_asked).collect()
}

impl Known {
    /// Whether the rules of then judged again.
    pub fn is_by_same_rules(&self) -> bool {
        self.rules == self.run.rules
    }

    /// How many verdicts differ, by all rules that there were then and are now.
    pub fn sum(&self) -> (Counts, u64) {
        let mut sum = Counts::default();
        self.counts.iter().for_each(|of| sum += of.counts);
        (sum, self.counts.iter().map(|of| of.figures).sum())
    }
}
