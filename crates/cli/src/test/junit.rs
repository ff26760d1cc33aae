//! What came of tests, as JUnit XML.

use kadence::TestResult;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::run::{Broken, Run};
use super::text;
use crate::output::Failure;

/// A suite for each file. It has no times, so that the same run is the same document.
pub(super) fn document(run: &Run) -> Result<String, Failure> {
    let mut report = Report::new("kadence");
    for ran in run.ran().filter(|ran| ran.is_told) {
        let mut suite = TestSuite::new(&*ran.file);
        suite.add_test_cases(ran.tests.iter().map(|test| case(&ran.file, test)));
        report.add_test_suite(suite);
    }
    for Broken { file, message, .. } in run.broken() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(&**message);
        let mut suite = TestSuite::new(&**file);
        suite.add_test_case(TestCase::new("the rule file", status));
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| Failure(format!("cannot write JUnit XML: {error}")))
}

fn case(file: &str, test: &TestResult) -> TestCase {
    let status = if test.passed() {
        TestCaseStatus::success()
    } else {
        let line = |failure: &kadence::TestFailure| format!("{file}:{}: ", failure.line);
        let message = test.failures.iter().map(|failure| line(failure) + &failure.message);
        let described = test.failures.iter().map(|f| line(f) + &text::of_failure(f));
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(message.collect::<Vec<_>>().join("; "));
        status.set_type("expectation");
        status.set_description(described.collect::<String>());
        status
    };
    let mut case = TestCase::new(&*test.name, status);
    case.set_classname(file);
    case.extra.insert("file".into(), file.into());
    case.extra.insert("line".into(), test.line.to_string().into());
    case
}
