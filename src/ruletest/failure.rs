//! What an expectation asked and what was found instead.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::check::rules::{Expectation, ExpectationKind};
use crate::engine::Evaluation;
use crate::model::Number;
use crate::syntax::tree::Detail;
use crate::verdict::{Status, Verdict};

/// An expectation that was not fulfilled.
///
/// ```
/// use kadence::{NoFiles, RuleSet};
///
/// let text = r#"
/// customer: calls >= 2 in last 12 months   as called
///
/// test "two calls"
///     given   customer acme
///     given   call on acme at 2026-03-01 as first
///     expect  called for acme is met at 2026-11-15 measured 2 target 2
/// "#;
/// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
/// let run = rules.test();
/// let failure = &run.tests[0].failures[0];
/// let rows: Vec<_> = failure.compared.iter().map(|row| (row.what, row.differs)).collect();
/// assert_eq!(rows, [("status", true), ("measured", true), ("target", false)]);
/// assert_eq!(failure.compared[0].found, "missed");
/// assert_eq!(failure.evidence, ["first"]);
/// # Ok::<(), kadence::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestFailure {
    /// The line of the expectation, from one.
    pub line: u32,
    /// The expectation, as written.
    pub expectation: String,
    /// What was expected and what was found, in one line: what differs, and the sentence of the
    /// verdict.
    pub message: String,
    /// What was asked, side by side with what was found: the status first, then the details in the
    /// order of writing. Empty where the data of the test could not be made.
    pub compared: Vec<Compared>,
    /// The ids of what counted for the verdict that was found.
    pub evidence: Vec<String>,
    /// The sentence of the verdict that was found.
    pub sentence: Option<String>,
}

/// Something that was asked, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// `status`, `measured`, `target`, `planned`, `missing`, `due`, `changes`, `list` or `score`.
    pub what: &'static str,
    /// As it is written; `no verdict` and `nothing` are words too.
    pub expected: String,
    /// In the same words; `none` where a verdict does not have it.
    pub found: String,
    /// Whether it is not what was expected.
    pub differs: bool,
}

/// What came of an expectation that was not fulfilled.
#[derive(Default)]
pub(super) struct Unmet {
    pub(super) compared: Vec<Compared>,
    pub(super) evidence: Vec<String>,
    pub(super) sentence: Option<String>,
}

impl Unmet {
    fn new(compared: Vec<Compared>, verdict: Option<Verdict>) -> Option<Unmet> {
        let differs = compared.iter().any(|row| row.differs);
        differs.then(|| match verdict {
            Some(Verdict { evidence, sentence, .. }) => {
                Unmet { compared, evidence, sentence: Some(sentence) }
            }
            None => Unmet { compared, ..Unmet::default() },
        })
    }

    /// What differs, in one line.
    pub(super) fn message(&self) -> String {
        let differing = self.compared.iter().filter(|row| row.differs);
        let mut words: Vec<String> = differing.map(Compared::words).collect();
        words.extend(self.sentence.clone());
        words.join("; ")
    }
}

impl Compared {
    fn new(what: &'static str, expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        let (expected, found) = (expected.to_string(), found.to_string());
        Compared { what, differs: expected != found, expected, found }
    }

    /// Of something that a verdict may not have.
    fn optional<T: fmt::Display>(what: &'static str, expected: T, found: Option<&T>) -> Self {
        match found {
            Some(found) => Compared::new(what, expected, found),
            None => Compared::new(what, expected, "none"),
        }
    }

    fn number(what: &'static str, expected: Decimal, found: Option<&Number>) -> Self {
        let found = found.map(Number::printed);
        Compared::optional(what, Number::from(expected), found.as_ref())
    }

    fn words(&self) -> String {
        let Compared { what, expected, found, .. } = self;
        match *what {
            "status" | "list" | "score" => format!("expected {expected}, found {found}"),
            _ => format!("expected {what} {expected}, found {found}"),
        }
    }
}

const NO_VERDICT: &str = "no verdict";

/// What is wrong, if an expectation is not fulfilled.
pub(super) fn of(evaluation: Evaluation<'_>, expected: &Expectation) -> Option<Unmet> {
    match &expected.kind {
        ExpectationKind::Verdict { rule, subject, status, details } => {
            let verdict = evaluation.verdict(*rule, subject);
            let details = details.iter().map(|(detail, _)| *detail);
            Unmet::new(compare(verdict.as_ref(), *status, details), verdict)
        }
        ExpectationKind::Silent { rule, subject } => {
            let verdict = evaluation.verdict(*rule, subject)?;
            let row = Compared::new("status", NO_VERDICT, verdict.status.words());
            Unmet::new(vec![row], Some(verdict))
        }
        ExpectationKind::Lists { list, ids } => {
            let found = evaluation.ids(&evaluation.list(*list));
            let words =
                |ids: &[String]| if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") };
            let row = Compared::new("list", words(ids), words(&found));
            Unmet::new(vec![Compared { differs: found != *ids, ..row }], None)
        }
        ExpectationKind::Score { noun, subject, percent } => {
            let expected = format!("{}%", Number::from(*percent));
            let row = match evaluation.decide().score(*noun, subject) {
                None => Compared::new("score", expected, "no verdict that counts"),
                Some(score) => {
                    let found = (Number::from(100) * score).printed();
                    Compared::new("score", expected, format!("{found}%"))
                }
            };
            Unmet::new(vec![row], None)
        }
    }
}

/// What was asked of a verdict.
fn compare(
    verdict: Option<&Verdict>,
    status: Status,
    details: impl Iterator<Item = Detail>,
) -> Vec<Compared> {
    let found = verdict.map_or(NO_VERDICT, |verdict| verdict.status.words());
    let mut rows = vec![Compared::new("status", status.words(), found)];
    let Some(verdict) = verdict else { return rows };
    let day = |what, expected: NaiveDate, found: Option<NaiveDate>| {
        Compared::optional(what, expected, found.as_ref())
    };
    rows.extend(details.map(|detail| match detail {
        Detail::Measured(n) => Compared::number("measured", n, verdict.measured.as_ref()),
        Detail::Target(n) => Compared::number("target", n, verdict.target.as_ref()),
        Detail::Planned(n) => Compared::number("planned", n, verdict.planned.as_ref()),
        Detail::Missing(n) => Compared::number("missing", n, verdict.missing.as_ref()),
        Detail::Due(date) => day("due", date, verdict.due),
        Detail::Changes(date) => day("changes", date, verdict.changes),
    }));
    rows
}
