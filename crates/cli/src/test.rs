//! `kadence test`: the tests that rule files hold.

use std::path::{Path, PathBuf};

use kadence::TestResult;

use crate::output::{Failure, clean, count, draw, print, tally};
use crate::progress::Progress;
use crate::{Outcome, folder, rules};

/// Run the tests that rule files hold
///
/// A folder stands for every `.kpi` file below it that has tests.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence test targets_test.kpi
  kadence test rules/

Exit codes: 0 all passed; 1 some failed, or there was none; 2 a rule file has errors.")]
pub(crate) struct Args {
    /// Rule files, or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let files = files(&args.paths)?;
    let progress = Progress::start("running tests");
    let mut text = String::new();
    let mut tests = Vec::new();
    let mut broken = Vec::new();
    let mut diagnostics = Vec::new();
    for path in &files {
        let shown = clean(path.display());
        match rules::compile(std::slice::from_ref(path)) {
            Err(Failure(message)) => broken.push(message),
            Ok(compilation) if compilation.diagnostics.errors() > 0 => {
                broken.push(format!("`{shown}` has {}", tally(&compilation.diagnostics)));
                diagnostics.push(compilation.diagnostics);
            }
            Ok(compilation) => {
                let results = compilation.rules.test().tests;
                text.push_str(&of_file(&shown, &results));
                tests.extend(results);
            }
        }
    }
    drop(progress);
    diagnostics.iter().for_each(draw);
    if !tests.is_empty() || broken.is_empty() {
        text.push_str(&summary(&tests));
        print(&text)?;
    }
    if !broken.is_empty() {
        return Err(Failure(broken.join("; ")));
    }
    let failed = tests.is_empty() || tests.iter().any(|test| !test.failures.is_empty());
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

/// The files that are named, and those with tests below the folders that are named.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let found = folder::rule_files_below(path)?;
        files.extend(found.into_iter().filter(|file| may_have_tests(file)));
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

/// A file that cannot be read may: it is told of where the tests are run.
fn may_have_tests(file: &Path) -> bool {
    rules::read(file).map_or(true, |text| has_tests(&text))
}

/// Whether an item of the text is a test.
fn has_tests(text: &str) -> bool {
    text.lines().any(|line| {
        let rest = line.strip_prefix("test");
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(|c: char| c == '"' || c.is_whitespace())
        })
    })
}

/// What the tests of one file gave.
fn of_file(path: &str, tests: &[TestResult]) -> String {
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
fn summary(tests: &[TestResult]) -> String {
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

    #[test]
    fn a_file_has_tests_if_an_item_is_one() {
        assert!(has_tests("calendar\ntest \"a\"\n"));
        assert!(has_tests("test\n    \"a\"\n") && has_tests("test\"a\""));
        assert!(!has_tests("# test \"a\"\n  test \"a\"\ntested lead: next call\n"));
    }
}
