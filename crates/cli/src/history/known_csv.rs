//! Verdicts that are known better now, as rows.

use kadence::history::{Known, KnownDifference};
use kadence::{Number, Verdict};

use super::known::KnownReport;
use crate::output::Failure;
use crate::report::{csv_table, inert, shown, status};

const HEADER: [&str; 22] = [
    "run",
    "as_of",
    "direction",
    "cause",
    "rule",
    "kind",
    "subject",
    "name",
    "from",
    "to",
    "then_owner",
    "now_owner",
    "then_status",
    "now_status",
    "then_measured",
    "now_measured",
    "then_target",
    "now_target",
    "final",
    "logged_late",
    "then_sentence",
    "now_sentence",
];

/// A row for each verdict that differs; what there is not is empty.
pub(super) fn csv(report: &KnownReport) -> Result<String, Failure> {
    let rows = report
        .known
        .iter()
        .flat_map(|known| known.differences.iter().map(|difference| row(known, difference)));
    csv_table(HEADER, rows)
}

fn row(known: &Known, difference: &KnownDifference) -> [String; HEADER.len()] {
    let (then, now) = (difference.then.as_ref(), difference.now.as_ref());
    let text = |text: Option<&String>| inert(text.map_or("", String::as_str));
    let number = |number: Option<&Number>| shown(number);
    let said =
        |verdict: &Verdict| verdict.reason.clone().unwrap_or_else(|| verdict.sentence.clone());
    let subject = difference.latest();
    let period = subject.and_then(|verdict| verdict.period);
    [
        known.run.id.to_string(),
        known.run.day.to_string(),
        difference.direction.map_or("same", |direction| direction.words()).replace(' ', "_"),
        difference.cause.words().replace(' ', "_"),
        text(subject.map(|verdict| &verdict.rule)),
        text(subject.map(|verdict| &verdict.subject.kind)),
        text(subject.map(|verdict| &verdict.subject.id)),
        text(subject.and_then(|verdict| verdict.subject.name.as_ref())),
        shown(period.map(|period| period.from)),
        shown(period.map(|period| period.to)),
        text(then.and_then(|verdict| verdict.owner.as_ref())),
        text(now.and_then(|verdict| verdict.owner.as_ref())),
        shown(then.map(|verdict| status(verdict.status))),
        shown(now.map(|verdict| status(verdict.status))),
        number(then.and_then(|verdict| verdict.measured.as_ref())),
        number(now.and_then(|verdict| verdict.measured.as_ref())),
        number(then.and_then(|verdict| verdict.target.as_ref())),
        number(now.and_then(|verdict| verdict.target.as_ref())),
        then.is_some_and(|verdict| verdict.is_final).to_string(),
        inert(&difference.late.join(" ")),
        text(then.map(said).as_ref()),
        text(now.map(said).as_ref()),
    ]
}
