//! What the sentences of the language mean: the conformance files, and beyond them every file of
//! `tests/meaning/`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use kadence::{Dataset, NoFiles, Noun, Options, RuleSet, Status};

/// What is not fulfilled of the tests in a folder's rule files.
fn failures(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "kpi"));
    files.sort();
    assert!(!files.is_empty());
    let mut failures = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let rules = RuleSet::compile(&name, &text, &NoFiles).unwrap();
        let run = rules.test();
        assert!(!run.tests.is_empty(), "{name} has no tests");
        for test in run.tests {
            for failure in test.failures {
                let (line, expected) = (failure.line, failure.expectation);
                failures.push(format!("{name}:{line}: {expected}\n    {}", failure.message));
            }
        }
    }
    failures
}

#[test]
fn every_sentence_means_what_it_says() {
    let failures = failures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/meaning"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_expectation_of_the_conformance_files_is_fulfilled() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let failures = failures(&folder);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The status of the one rule for the one customer, which has calls on these days and of whose
/// activities all are known from a day through another.
fn covered(rule: &str, calls: &[&str], from: &str, through: &str) -> Status {
    let rules = RuleSet::compile("rules.kpi", rule, &NoFiles).unwrap();
    let mut builder = Dataset::builder(rules.schema());
    builder.row(Noun::Customer, &[("id", "acme", 1)], "data", 1);
    for (line, at) in (2..).zip(calls) {
        let id = format!("a{line}");
        let (kind, status) = (("kind", "call", 1), ("status", "completed", 1));
        let cells = [("id", id.as_str(), 1), kind, status, ("at", at, 1), ("customer", "acme", 1)];
        builder.row(Noun::Activity, &cells, "data", line);
    }
    builder.complete_from(from.parse().unwrap());
    builder.complete_through(through.parse().unwrap());
    let data = builder.build().unwrap().0;
    let as_of: NaiveDate = "2026-11-15".parse().unwrap();
    let options = Options::at(as_of);
    let report = rules.evaluate(&data, &options).unwrap();
    assert_eq!(report.verdicts.len(), 1);
    let status = report.verdicts[0].status;
    let prepared = rules.prepare(&data).unwrap();
    let decided = rules.judge(&prepared, &options).unwrap();
    assert!(decided.decisions().map(|one| one.status()).eq([status]));
    status
}

#[test]
fn absence_proves_nothing_on_days_that_are_not_covered() {
    let since = "customer: days since calls <= 30";
    // There may have been one on the day before the first that is covered.
    assert_eq!(covered(since, &["2026-08-01"], "2026-11-01", "2026-11-15"), Status::Unknown);
    assert_eq!(covered(since, &["2026-08-01"], "2026-10-01", "2026-11-15"), Status::Missed);
    assert_eq!(covered(since, &["2026-11-02"], "2026-11-01", "2026-11-15"), Status::Met);
    let gap = "customer: longest gap of calls <= 10 days from 2026-10-01 until 2026-11-14";
    let calls = ["2026-10-05", "2026-10-12", "2026-11-10"];
    // What is recorded later than all is known through closes no gap for certain.
    assert_eq!(covered(gap, &calls, "2026-10-01", "2026-10-15"), Status::Unknown);
    assert_eq!(covered(gap, &calls, "2026-10-01", "2026-10-25"), Status::Missed);
    // What may follow a call, or be the next one, may not be known yet.
    let followed = "call: followed by call within 7 days";
    assert_eq!(covered(followed, &["2026-10-05"], "2026-10-01", "2026-10-08"), Status::Unknown);
    assert_eq!(covered(followed, &["2026-10-05"], "2026-10-01", "2026-10-12"), Status::Missed);
    let share = "customer: share of calls that (followed by call within 7 days) >= 50% \
                 from 2026-10-01 until 2026-10-08";
    assert_eq!(covered(share, &["2026-10-05"], "2026-10-01", "2026-10-08"), Status::Unknown);
    assert_eq!(covered(share, &["2026-10-05"], "2026-10-01", "2026-10-12"), Status::Missed);
    let next = "customer: next call";
    assert_eq!(covered(next, &[], "2026-10-01", "2026-10-08"), Status::Unknown);
}
