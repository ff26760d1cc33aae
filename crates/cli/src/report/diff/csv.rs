//! Verdicts that differ, as rows.

use kadence::comparison::{BacktestReport, RuleDifference, VerdictDifference};
use kadence::verdict::RuleInfo;
use kadence::{Number, Verdict};

use super::super::csv::{inert, shown, status, table};
use crate::output::Failure;

const HEADER: [&str; 19] = [
    "as_of",
    "direction",
    "old_rule",
    "new_rule",
    "kind",
    "subject",
    "name",
    "owner",
    "team",
    "old_status",
    "new_status",
    "old_measured",
    "new_measured",
    "old_target",
    "new_target",
    "old_reason",
    "new_reason",
    "old_sentence",
    "new_sentence",
];

/// A row for each verdict that differs and as-of; what there is not is empty.
pub(crate) fn csv(report: &BacktestReport) -> Result<String, Failure> {
    let rows = report.as_ofs.iter().flat_map(|at| {
        at.differences.iter().map(|difference| row(&report.rules, at.day.to_string(), difference))
    });
    table(HEADER, rows)
}

fn row(
    rules: &[RuleDifference],
    day: String,
    difference: &VerdictDifference,
) -> [String; HEADER.len()] {
    let (old, new) = (difference.old.as_ref(), difference.new.as_ref());
    let rule = rules.iter().find(|rule| is_of(&rule.old, old) && is_of(&rule.new, new));
    let id = |rule: Option<&RuleInfo>| inert(rule.map_or("", |rule| &rule.id));
    let text = |text: Option<&String>| inert(text.map_or("", String::as_str));
    let number = |number: Option<&Number>| shown(number);
    let subject = difference.latest();
    [
        day,
        difference.direction.words().replace(' ', "_"),
        id(rule.and_then(|rule| rule.old.as_ref())),
        id(rule.and_then(|rule| rule.new.as_ref())),
        text(subject.map(|verdict| &verdict.subject.kind)),
        text(subject.map(|verdict| &verdict.subject.id)),
        text(subject.and_then(|verdict| verdict.subject.name.as_ref())),
        text(subject.and_then(|verdict| verdict.owner.as_ref())),
        text(subject.and_then(|verdict| verdict.team.as_ref())),
        shown(old.map(|verdict| status(verdict.status))),
        shown(new.map(|verdict| status(verdict.status))),
        number(old.and_then(|verdict| verdict.measured.as_ref())),
        number(new.and_then(|verdict| verdict.measured.as_ref())),
        number(old.and_then(|verdict| verdict.target.as_ref())),
        number(new.and_then(|verdict| verdict.target.as_ref())),
        text(old.and_then(|verdict| verdict.reason.as_ref())),
        text(new.and_then(|verdict| verdict.reason.as_ref())),
        text(old.map(|verdict| &verdict.sentence)),
        text(new.map(|verdict| &verdict.sentence)),
    ]
}

/// Whether a verdict is a rule's; none is any rule's.
fn is_of(rule: &Option<RuleInfo>, verdict: Option<&Verdict>) -> bool {
    verdict.is_none_or(|verdict| rule.as_ref().is_some_and(|rule| rule.id == verdict.rule))
}
