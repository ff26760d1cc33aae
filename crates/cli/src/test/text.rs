//! What came of tests, as text.

use kadence::{Compared, TestFailure, TestResult};
use unicode_width::UnicodeWidthStr;

use super::run::{Ran, Run};
use crate::output::{clean, count};

/// How many ids of what counted are shown.
const EVIDENCE: usize = 10;

/// File by file, and a closing line.
pub(super) fn of_run(run: &Run, filter: &[String]) -> String {
    let mut text: String = run.ran().filter(|ran| ran.is_told).map(of_file).collect();
    let tests: Vec<&TestResult> = run.tests().collect();
    if tests.is_empty() {
        text.push_str(&none(filter));
    } else {
        text.push_str(&format!("{}\n", numbers(&tests)));
    }
    text
}

/// Said where a filter lets no test through.
pub(super) fn none(filter: &[String]) -> String {
    if filter.is_empty() {
        return "no test found: expected items such as `test \"four calls are enough\"`\n".into();
    }
    let texts: Vec<String> = filter.iter().map(|text| format!("`{}`", clean(text))).collect();
    let texts = texts.join(" or ");
    format!(
        "no test found: `--filter` looks for {texts} in the names, files, rules and lists of tests\n"
    )
}

fn of_file(ran: &Ran) -> String {
    let tests: Vec<&TestResult> = ran.tests.iter().collect();
    let mut text = format!("{}: {}\n", ran.file, numbers(&tests));
    let failed = tests.iter().filter(|test| !test.passed());
    for test in failed.clone() {
        let file = clean(&test.file);
        text.push_str(&format!("\n  FAILED \"{}\" ({file}:{})\n", clean(&test.name), test.line));
        for failure in &test.failures {
            text.push_str(&format!("    {file}:{}: ", failure.line));
            text.push_str(&of_failure(failure));
        }
    }
    if failed.count() > 0 {
        text.push('\n');
    }
    text
}

/// The expectation, and below it what was expected beside what was found.
pub(super) fn of_failure(failure: &TestFailure) -> String {
    let mut text = format!("{}\n", clean(&failure.expectation));
    if failure.compared.is_empty() {
        text.push_str(&format!("        {}\n", clean(&failure.message)));
    } else {
        side_by_side(&failure.compared, &mut text);
    }
    if let Some(sentence) = &failure.sentence {
        text.push_str(&format!("        {}\n", clean(sentence)));
    }
    if !failure.evidence.is_empty() {
        let shown: Vec<String> = failure.evidence.iter().take(EVIDENCE).map(clean).collect();
        let more = failure.evidence.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&format!("        counted: {}{more}\n", shown.join(", ")));
    }
    text
}

/// What differs is marked.
fn side_by_side(compared: &[Compared], text: &mut String) {
    let expected: Vec<String> = compared.iter().map(|row| clean(&row.expected)).collect();
    let width = expected.iter().map(|text| text.width()).chain([8]).max().unwrap_or(0);
    let mut line = |mark: &str, what: &str, expected: &str, found: &str| {
        let gap = " ".repeat(width - expected.width());
        text.push_str(&format!("      {mark} {what:<8}  {expected}{gap}  {found}\n"));
    };
    line(" ", "", "expected", "found");
    for (row, expected) in compared.iter().zip(&expected) {
        let mark = if row.differs { "≠" } else { " " };
        line(mark, row.what, expected, &clean(&row.found));
    }
}

fn numbers(tests: &[&TestResult]) -> String {
    let failed = tests.iter().filter(|test| !test.passed()).count();
    format!("{}, {} passed, {failed} failed", count(tests.len(), "test"), tests.len() - failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kadence::{NoFiles, RuleSet};

    #[test]
    fn a_failure_shows_what_was_expected_beside_what_was_found() {
        let rules = r#"
customer: calls >= 4 per year   as called

test "four calls"
    given   customer acme
    given   customer zeta
    given   call on acme at 2026-01-05, 2026-02-05, 2026-03-05
    expect  called for acme is met at 2026-11-15 measured 4 target 4 due 2026-12-31
    expect  called is silent for acme at 2026-11-15

test "nothing"
    given   customer acme
    expect  called for acme is at risk at 2026-11-15
"#;
        let rules = RuleSet::compile("rules/a_test.kpi", rules, &NoFiles).unwrap();
        let run = Run::of_ran(vec![Ran::of_tests("rules/a_test.kpi", rules.test().tests)]);
        insta::assert_snapshot!(of_run(&run, &[]));
    }
}
