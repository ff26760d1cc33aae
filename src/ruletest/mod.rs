//! Tests in the language itself: `test`, `given`, `expect`.
//!
//! [`failure`] says what was expected and found, [`coverage`] what of the rules the tests reach,
//! [`mutants`] which mistakes in the rules they would notice.

pub(crate) mod coverage;
mod failure;
mod mutants;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use self::failure::Unmet;
pub use self::failure::{Compared, TestFailure};
pub(crate) use self::mutants::run as run_mutants;
pub use self::mutants::{
    Change, Fate, Mutant, MutantKind, MutantRun, MutatedItem, UselessAllowance,
};
use crate::check::rules::{Compiled, Expectation, ExpectationKind, GivenRow, Test};
use crate::engine::{self, Evaluation, Store, in_parts, part_size};
use crate::model::Dataset;
use crate::plan::Plan;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// A test that could be run, for whoever chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestInfo<'r> {
    /// The test's name.
    pub name: &'r str,
    /// The file that it stands in.
    pub file: &'r str,
    /// The ids of the rules and the names of the lists of which it expects something, in the order
    /// of writing.
    pub of: Vec<&'r str>,
}

/// Says which tests to run.
pub(crate) type Chosen<'c> = &'c (dyn Fn(&TestInfo<'_>) -> bool + Sync);

impl Test {
    fn info<'r>(&'r self, rules: &'r Compiled) -> TestInfo<'r> {
        let of = |expectation: &Expectation| match &expectation.kind {
            ExpectationKind::Verdict { rule, .. } | ExpectationKind::Silent { rule, .. } => {
                rules.rules.get(*rule).map(|rule| rule.id.as_str())
            }
            ExpectationKind::Lists { list, .. } => {
                rules.lists.get(*list).map(|list| list.name.as_str())
            }
            ExpectationKind::Score { .. } => None,
        };
        TestInfo {
            name: &self.name,
            file: rules.sources.name(self.span.file),
            of: self.expectations.iter().filter_map(of).collect(),
        }
    }
}

/// Runs the tests of a rule set that are chosen.
pub(crate) fn run(rules: &Compiled, chosen: Chosen<'_>) -> TestRun {
    let plan = Arc::new(Plan::new(rules, rules.schema.kinds()));
    let tests: Vec<&Test> = rules.tests.iter().filter(|test| chosen(&test.info(rules))).collect();
    let results = in_parts(tests.len(), part_size(tests.len(), 256), |part| {
        let tests = tests.get(part).unwrap_or_default();
        tests.iter().map(|test| run_one(rules, &plan, test)).collect::<Vec<_>>()
    });
    TestRun { tests: results.into_iter().flatten().collect() }
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

/// A test with its data.
struct Prepared<'r> {
    rules: &'r Compiled,
    plan: &'r Arc<Plan>,
    test: &'r Test,
    store: Store,
}

impl<'r> Prepared<'r> {
    /// # Errors
    ///
    /// What is wrong with the data that the test gives.
    fn new(rules: &'r Compiled, plan: &'r Arc<Plan>, test: &'r Test) -> Result<Self, String> {
        let data = dataset(rules, &test.rows)?;
        let store = Store::new(&data, &plan.calendar, &plan.reads().fields);
        Ok(Prepared { rules, plan, test, store })
    }

    fn evaluation(&self, expected: &Expectation) -> Evaluation<'_> {
        let options = engine::Options { as_of: expected.at, from: None, history: false, only: &[] };
        Evaluation::new(self.rules, self.plan.clone(), &self.store, &options)
    }

    fn unmet(&self, expected: &Expectation) -> Option<Unmet> {
        failure::of(self.evaluation(expected), expected)
    }
}

fn run_one(rules: &Compiled, plan: &Arc<Plan>, test: &Test) -> TestResult {
    let at = rules.sources.position(test.span);
    let failure = |span, message, unmet: Unmet| TestFailure {
        line: rules.sources.position(span).line,
        expectation: fold(rules.sources.slice(span)),
        message,
        compared: unmet.compared,
        evidence: unmet.evidence,
        sentence: unmet.sentence,
    };
    let failures = match Prepared::new(rules, plan, test) {
        Ok(prepared) => {
            let unmet = |expected: &Expectation| {
                let unmet = prepared.unmet(expected)?;
                Some(failure(expected.span, unmet.message(), unmet))
            };
            test.expectations.iter().filter_map(unmet).collect()
        }
        Err(problems) => vec![failure(test.span, problems, Unmet::default())],
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
