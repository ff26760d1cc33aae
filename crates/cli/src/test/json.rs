//! What came of tests and their coverage, as JSON.

use kadence::{Coverage, ItemCoverage, Number, TestResult};
use serde::Serialize;

use super::run::Run;
use crate::output::Failure;

/// The version of the format; goes up when a field changes its meaning or goes away.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    schema: u32,
    passed: usize,
    failed: usize,
    files: Vec<File<'r>>,
    /// What is wrong with files whose tests could not be run.
    errors: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Covered<'r>>,
}

#[derive(Serialize)]
struct File<'r> {
    file: &'r str,
    tests: Vec<Test<'r>>,
}

#[derive(Serialize)]
struct Test<'r> {
    passed: bool,
    #[serde(flatten)]
    result: &'r TestResult,
}

#[derive(Serialize)]
struct Covered<'r> {
    schema: u32,
    reached: u64,
    cases: u64,
    percent: Number,
    items: Vec<Item<'r>>,
}

#[derive(Serialize)]
struct Item<'r> {
    reached: u64,
    of: u64,
    percent: Number,
    #[serde(flatten)]
    item: &'r ItemCoverage,
}

pub(super) fn document(run: &Run, coverage: Option<&Coverage>) -> Result<String, Failure> {
    let files = run.ran().filter(|ran| ran.is_told).map(|ran| File {
        file: &ran.file,
        tests: ran.tests.iter().map(|result| Test { passed: result.passed(), result }).collect(),
    });
    let passed = run.tests().filter(|test| test.passed()).count();
    written(&Document {
        schema: SCHEMA,
        passed,
        failed: run.tests().count() - passed,
        files: files.collect(),
        errors: run.broken().map(|broken| broken.message.as_str()).collect(),
        coverage: coverage.map(covered),
    })
}

pub(super) fn coverage(coverage: &Coverage) -> Result<String, Failure> {
    written(&covered(coverage))
}

fn covered(coverage: &Coverage) -> Covered<'_> {
    let item = |item| Item {
        reached: ItemCoverage::reached(item),
        of: ItemCoverage::cases(item),
        percent: ItemCoverage::percent(item),
        item,
    };
    Covered {
        schema: SCHEMA,
        reached: coverage.reached(),
        cases: coverage.cases(),
        percent: coverage.percent(),
        items: coverage.items.iter().map(item).collect(),
    }
}

fn written(document: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(document);
    text.map(|text| text + "\n").map_err(|error| Failure(format!("cannot write JSON: {error}")))
}
