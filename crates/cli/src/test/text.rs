//! What came of tests, as text.

use kadence::TestResult;

use crate::output::{clean, count};

/// What the tests of one file gave.
pub(super) fn of_file(path: &str, tests: &[TestResult]) -> String {
    let mut text = format!("{path}: {}\n", numbers(tests));
    for test in tests.iter().filter(|test| !test.failures.is_empty()) {
        let file = clean(&test.file);
        text.push_str(&format!("\n  FAILED \"{}\" ({file}:{})\n", clean(&test.name), test.line));
        for failure in &test.failures {
            let expectation = clean(&failure.expectation);
            text.push_str(&format!("    {file}:{}: {expectation}\n", failure.line));
            text.push_str(&format!("        {}\n", clean(&failure.message)));
        }
    }
    if tests.iter().any(|test| !test.failures.is_empty()) {
        text.push('\n');
    }
    text
}

/// The closing line.
pub(super) fn summary(tests: &[TestResult]) -> String {
    if tests.is_empty() {
        return "no test found: expected items such as `test \"four calls are enough\"`\n".into();
    }
    format!("{}\n", numbers(tests))
}

fn numbers(tests: &[TestResult]) -> String {
    let failed = tests.iter().filter(|test| !test.failures.is_empty()).count();
    format!("{}, {} passed, {failed} failed", count(tests.len(), "test"), tests.len() - failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kadence::TestFailure;

    fn result(name: &str, failures: Vec<TestFailure>) -> TestResult {
        TestResult { name: name.into(), file: "rules/a_test.kpi".into(), line: 3, failures }
    }

    #[test]
    fn a_failure_shows_its_place_the_expectation_and_what_was_found() {
        let failure = TestFailure {
            line: 6,
            expectation: "a-contact for acme is met at 2026-11-15".into(),
            message: "expected met, found on track".into(),
        };
        let tests = [result("enough", vec![]), result("four calls", vec![failure])];
        insta::assert_snapshot!(of_file("rules/a_test.kpi", &tests) + &summary(&tests), @r#"
        rules/a_test.kpi: 2 tests, 1 passed, 1 failed

          FAILED "four calls" (rules/a_test.kpi:3)
            rules/a_test.kpi:6: a-contact for acme is met at 2026-11-15
                expected met, found on track

        2 tests, 1 passed, 1 failed
        "#);
    }
}
