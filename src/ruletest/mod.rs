//! Tests in the language itself: `test`, `given`, `expect`.

mod mutants;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::check::rules::{Compiled, Expectation, ExpectationKind, GivenRow, Test};
use crate::engine::{self, Evaluation, Store};
use crate::model::{Dataset, Number};
use crate::plan::Plan;
use crate::syntax::tree::Detail;
use crate::verdict::{Status, Verdict};

pub(crate) use mutants::run as run_mutants;
pub use mutants::{Change, Fate, Mutant, MutantKind, MutantRun, MutatedItem, UselessAllowance};

/// What came of the tests of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRun {
    /// In the order of writing.
    pub tests: Vec<TestResult>,
}

impl TestRun {
    /// Whether there was a test, and all passed.
    pub fn passed(&self) -> bool {
        !self.tests.is_empty() && self.tests.iter().all(TestResult::passed)
    }
}

/// What came of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// The test's name.
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    /// The line on which it starts, from one.
    pub line: u32,
    /// The expectations that were not fulfilled.
    pub failures: Vec<TestFailure>,
}

impl TestResult {
    /// Whether every expectation was fulfilled.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// An expectation that was not fulfilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// The line of the expectation, from one.
    pub line: u32,
    /// The expectation, as written.
    pub expectation: String,
    /// What was expected and what was found.
    pub message: String,
}

/// Runs all tests of a rule set.
pub(crate) fn run(rules: &Compiled) -> TestRun {
    let plan = Arc::new(Plan::new(rules, rules.schema.kinds()));
    TestRun { tests: rules.tests.iter().map(|test| run_one(rules, &plan, test)).collect() }
}

/// What the tests of a rule set are given: the data, and the instants as of which they expect.
#[doc(hidden)]
#[derive(Debug)]
pub struct Given {
    pub test: String,
    pub data: Dataset,
    pub at: Vec<DateTime<Utc>>,
}

/// What each test is given, of those whose data can be had.
#[doc(hidden)]
pub fn givens(rules: &Compiled) -> Vec<Given> {
    let given = |test: &Test| {
        let mut at: Vec<_> = test.expectations.iter().map(|expected| expected.at).collect();
        at.sort_unstable();
        at.dedup();
        Some(Given { test: test.name.clone(), data: dataset(rules, &test.rows).ok()?, at })
    };
    rules.tests.iter().filter_map(given).collect()
}

fn run_one(rules: &Compiled, plan: &Arc<Plan>, test: &Test) -> TestResult {
    let at = rules.sources.position(test.span);
    let failure = |span, message| TestFailure {
        line: rules.sources.position(span).line,
        expectation: fold(rules.sources.slice(span)),
        message,
    };
    let failures = match dataset(rules, &test.rows) {
        Ok(data) => {
            let store = Store::new(&data, &plan.calendar, &plan.reads().fields);
            let unmet = |expected: &Expectation| {
                let options =
                    engine::Options { as_of: expected.at, from: None, history: false, only: &[] };
                let evaluation = Evaluation::new(rules, plan.clone(), &store, &options);
                Some(failure(expected.span, check(evaluation, expected)?))
            };
            test.expectations.iter().filter_map(unmet).collect()
        }
        Err(problems) => vec![failure(test.span, problems)],
    };
    TestResult { name: test.name.clone(), file: at.file.to_owned(), line: at.line, failures }
}

/// White space folded.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn dataset(rules: &Compiled, rows: &[GivenRow]) -> Result<Dataset, String> {
    let mut builder = Dataset::builder(&rules.schema);
    for row in rows {
        let at = rules.sources.position(row.span);
        let id = row.noun.has_id().then_some(("id", row.id.as_str(), at.column));
        let cells = row.cells.iter().map(|(name, text)| (name.as_str(), text.as_str(), at.column));
        let cells: Vec<(&str, &str, u32)> = id.into_iter().chain(cells).collect();
        builder.row(row.noun, &cells, at.file, at.line);
    }
    builder.build().map(|(data, _)| data).map_err(|problems| problems.to_string())
}

/// What is wrong, if an expectation is not fulfilled.
fn check(evaluation: Evaluation<'_>, expected: &Expectation) -> Option<String> {
    match &expected.kind {
        ExpectationKind::Verdict { rule, subject, status, details } => {
            let Some(verdict) = evaluation.verdict(*rule, subject) else {
                return Some(format!("expected {}, found no verdict", status.words()));
            };
            let details = details.iter().map(|(detail, _)| detail);
            differences(&verdict, *status, details)
        }
        ExpectationKind::Silent { rule, subject } => {
            let verdict = evaluation.verdict(*rule, subject)?;
            Some(format!(
                "expected no verdict, found {}: {}",
                verdict.status.words(),
                verdict.sentence
            ))
        }
        ExpectationKind::Lists { list, ids } => {
            let found = evaluation.ids(&evaluation.list(*list));
            let words =
                |ids: &[String]| if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") };
            (found != *ids).then(|| format!("expected {}, found {}", words(ids), words(&found)))
        }
        ExpectationKind::Score { noun, subject, percent } => {
            let Some(score) = evaluation.decide().score(*noun, subject) else {
                return Some(format!("expected {percent}%, found no verdict that counts"));
            };
            let found = (Number::from(100) * score).printed();
            let is_so = found == Number::from(*percent);
            (!is_so).then(|| format!("expected {}%, found {found}%", percent.normalize()))
        }
    }
}

fn differences<'d>(
    verdict: &Verdict,
    status: Status,
    details: impl Iterator<Item = &'d Detail>,
) -> Option<String> {
    let mut wrong = Vec::new();
    if verdict.status != status {
        wrong.push(format!("expected {}, found {}", status.words(), verdict.status.words()));
    }
    let mut number = |name: &str, expected: Decimal, found: Option<&Number>| {
        if found.map(Number::printed) != Some(Number::from(expected)) {
            let found = found.map_or_else(|| "none".to_owned(), Number::to_string);
            wrong.push(format!("expected {name} {}, found {found}", expected.normalize()));
        }
    };
    let mut dates = Vec::new();
    for detail in details {
        match *detail {
            Detail::Measured(expected) => number("measured", expected, verdict.measured.as_ref()),
            Detail::Target(expected) => number("target", expected, verdict.target.as_ref()),
            Detail::Planned(expected) => number("planned", expected, verdict.planned.as_ref()),
            Detail::Missing(expected) => number("missing", expected, verdict.missing.as_ref()),
            Detail::Due(expected) => dates.push(("due", expected, verdict.due)),
            Detail::Changes(expected) => dates.push(("changes", expected, verdict.changes)),
        }
    }
    for (name, expected, found) in dates {
        if found != Some(expected) {
            let found = found.map_or_else(|| "none".to_owned(), |day: NaiveDate| day.to_string());
            wrong.push(format!("expected {name} {expected}, found {found}"));
        }
    }
    (!wrong.is_empty()).then(|| format!("{}; {}", wrong.join("; "), verdict.sentence))
}
