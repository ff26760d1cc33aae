//! Verdicts that ask for something.

use chrono::NaiveDate;

use super::cluster::Asking;
use crate::engine::{Evaluation, Standing, in_parts, part_size};
use crate::model::calendar::plus_days;
use crate::model::{Item, Number};
use crate::plan::{Plan, Sees};
use crate::verdict::{Enough, Status, Verdict};

/// A verdict that is missed or at risk, or would soon stand worse.
#[derive(Debug)]
pub(super) struct Open {
    /// The place of the rule.
    pub(super) rule: usize,
    pub(super) decision: usize,
    pub(super) subject: Item,
    pub(super) owner: Option<Item>,
    pub(super) weight: Number,
    pub(super) verdict: Verdict,
    pub(super) stands: [Standing; 2],
}

impl Open {
    pub(super) fn asking(&self) -> Asking {
        Asking { rule: self.rule, subject: self.subject, owner: self.owner }
    }

    /// The last day on which acting helps. Where the verdict has none: that of what would be enough,
    /// the last day on which it stands well, or today if it is missed.
    pub(super) fn due(&self, day: NaiveDate, enough: Option<&Enough>) -> Option<NaiveDate> {
        let is_missed = self.verdict.status == Status::Missed;
        let [now, _] = &self.stands;
        let due = self.verdict.due.or_else(|| enough.and_then(by));
        let due = due.or_else(|| now.falls.map(|falls| plus_days(falls, -1)));
        due.or_else(|| is_missed.then_some(day))
    }
}

/// The first day by which something of it has to be done.
fn by(enough: &Enough) -> Option<NaiveDate> {
    match enough {
        Enough::Need(need) | Enough::Keep(need) => need.by,
        Enough::All { of } | Enough::Any { of } => of.iter().filter_map(by).min(),
        Enough::Already | Enough::TooLate | Enough::NotByDoing | Enough::Open => None,
    }
}

/// All of them: rules as written, subjects in the order in which they are kept.
pub(super) fn open(evaluation: &Evaluation<'_>, plan: &Plan, until: NaiveDate) -> Vec<Open> {
    let mut open = Vec::new();
    for (rule, decisions) in evaluation.decided() {
        let Some(lowered) = plan.rules.get(rule).filter(|_| evaluation.stays_in_force(rule)) else {
            continue;
        };
        let count = decisions.len();
        let parts = in_parts(count, part_size(count, 256), |part| {
            let outlook = evaluation.outlook(until);
            let asks = |decision: &usize| {
                let status = decisions.status(*decision);
                let is_open = !decisions.is_final(*decision)
                    && !matches!(status, Status::NotApplicable | Status::Unknown);
                let subject = evaluation.item(rule, *decision).filter(|_| is_open)?;
                let now = outlook.now(rule, subject)?;
                let is_short = matches!(status, Status::Missed | Status::AtRisk);
                if !is_short && now.falls.is_none() {
                    return None;
                }
                Some((*decision, subject, [now, outlook.later(rule, subject)?]))
            };
            let told = |(decision, subject, stands)| {
                Some(Open {
                    rule,
                    decision,
                    subject,
                    owner: evaluation.store().owner(subject),
                    weight: Number::from(lowered.weight),
                    verdict: evaluation.verdict_at(rule, decision)?,
                    stands,
                })
            };
            part.filter_map(|decision| asks(&decision)).filter_map(told).collect::<Vec<_>>()
        });
        open.extend(parts.into_iter().flatten());
    }
    open
}

/// What each rule sees of an activity.
pub(super) fn sees(plan: &Plan) -> Vec<Sees> {
    plan.rules.iter().map(|rule| plan.sees(rule)).collect()
}
