//! Verdicts as rows.

use kadence::{Number, Report, Severity, Status, Verdict};

use crate::output::Failure;

const HEADER: [&str; 22] = [
    "rule",
    "severity",
    "kind",
    "subject",
    "name",
    "owner",
    "team",
    "from",
    "to",
    "status",
    "final",
    "reason",
    "measured",
    "target",
    "attainment",
    "planned",
    "missing",
    "due",
    "changes",
    "evidence",
    "sentence",
    "because",
];

/// A row for each verdict. Evidence is joined by spaces; what is unknown is empty.
pub(crate) fn csv(report: &Report) -> Result<String, Failure> {
    table(HEADER, report.verdicts.iter().map(|verdict| row(report, verdict)))
}

/// A header and rows of as many cells. Texts are to be [`inert`].
pub(crate) fn table<'h, R: IntoIterator<Item = String>>(
    header: impl IntoIterator<Item = &'h str>,
    rows: impl IntoIterator<Item = R>,
) -> Result<String, Failure> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let cannot = |error: &dyn std::fmt::Display| Failure(format!("cannot write CSV: {error}"));
    writer.write_record(header).map_err(|error| cannot(&error))?;
    for row in rows {
        writer.write_record(row).map_err(|error| cannot(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| cannot(&error))?;
    String::from_utf8(bytes).map_err(|error| cannot(&error))
}

fn row(report: &Report, verdict: &Verdict) -> [String; HEADER.len()] {
    let rule = report.rules.iter().find(|rule| rule.id == verdict.rule);
    let text = |text: &str| inert(text);
    let optional = |text: &Option<String>| inert(text.as_deref().unwrap_or_default());
    let number = |number: &Option<Number>| shown(number.as_ref());
    [
        text(&verdict.rule),
        rule.map_or("", |rule| severity(rule.severity)).to_owned(),
        text(&verdict.subject.kind),
        text(&verdict.subject.id),
        optional(&verdict.subject.name),
        optional(&verdict.owner),
        optional(&verdict.team),
        shown(verdict.period.map(|period| period.from)),
        shown(verdict.period.map(|period| period.to)),
        status(verdict.status),
        verdict.is_final.to_string(),
        optional(&verdict.reason),
        number(&verdict.measured),
        number(&verdict.target),
        shown(verdict.attainment),
        number(&verdict.planned),
        number(&verdict.missing),
        shown(verdict.due),
        shown(verdict.changes),
        text(&verdict.evidence.join(" ")),
        text(&verdict.sentence),
        optional(&rule.and_then(|rule| rule.because.clone())),
    ]
}

/// As JSON writes it: `on_track`.
pub(crate) fn status(status: Status) -> String {
    status.words().replace(' ', "_")
}

/// A cell; empty where there is nothing.
pub(crate) fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

/// A text that no spreadsheet takes for a formula. Names come from CRM systems and web forms: one
/// that starts as a formula does gets a `'` in front, which spreadsheets do not show. Whoever
/// needs the text as it is has JSON.
pub(crate) fn inert(text: &str) -> String {
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(starts) { format!("'{text}") } else { text.to_owned() }
}
