//! `kadence test`: files, filters, formats and coverage, as they are run.

#![cfg(test)]

mod support;

use std::fs;
use std::path::Path;

use support::{Ran, folder};
use tempfile::TempDir;

fn run(dir: &TempDir, args: &[&str]) -> Ran {
    support::run(dir.path(), &[&["test"], args].concat(), "")
}

const RULES: &str =
    "customer: calls >= 1 as called\nlist \"Large\" = customer where revenue >= 1m\n";
const MET: &str = "use \"a.kpi\"
test \"one call\"
    given   customer acme
    given   call on acme at 2026-11-01
    expect  called for acme is met at 2026-11-15
";
const MISSED: &str = "use \"a.kpi\"
test \"no call\"
    given   customer acme
    expect  called for acme is missed at 2026-11-15
    expect  called for acme is met at 2026-11-15 measured 1
test \"none is large\"
    given   customer acme
    expect  \"Large\" lists nothing at 2026-11-15
";

fn project() -> TempDir {
    folder(&[("a.kpi", RULES), ("met_test.kpi", MET), ("missed_test.kpi", MISSED)])
}

#[test]
fn a_glob_takes_what_matches_and_nothing_is_an_error() {
    let dir = project();
    let ran = run(&dir, &["met*"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.ends_with("1 test, 1 passed, 0 failed\n"), "{}", ran.out);
    let ran = run(&dir, &["x*_test.kpi"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, "error: no file matches `x*_test.kpi`: expected rule files\n");
}

#[test]
fn a_filter_that_no_test_passes_fails() {
    let dir = project();
    let ran = run(&dir, &[".", "--filter", "large"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.ends_with("1 test, 1 passed, 0 failed\n"), "{}", ran.out);
    let ran = run(&dir, &[".", "--filter", "xyz", "--filter", "\u{1b}[2J"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!(ran.out, @"no test found: `--filter` looks for `xyz` or `�[2J` in the names, files, rules and lists of tests");
}

#[test]
fn what_came_of_tests_as_text_json_and_junit() {
    let dir = project();
    let ran = run(&dir, &["."]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!("text", ran.out);
    let ran = run(&dir, &[".", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!("json", ran.out);
    let ran = run(&dir, &[".", "--format", "junit"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!("junit", ran.out);
}

#[test]
fn a_file_with_errors_does_not_keep_the_others_from_being_run() {
    let dir = folder(&[
        ("a.kpi", RULES),
        (
            "broken_test.kpi",
            "customer: cals >= 1 as x\ntest \"t\"\n    given customer acme\n    expect x for acme is met at 2026-01-01\n",
        ),
        ("met_test.kpi", MET),
    ]);
    let ran = run(&dir, &["."]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.ends_with("1 test, 1 passed, 0 failed\n"), "{}", ran.out);
    assert!(ran.err.contains("unknown noun `cals`"), "{}", ran.err);
    assert!(ran.err.contains("error: `./broken_test.kpi` has "), "{}", ran.err);
    let ran = run(&dir, &[".", "--format", "junit"]);
    assert!(ran.out.contains("<error message=\"`./broken_test.kpi` has "), "{}", ran.out);
}

#[test]
fn coverage_is_that_of_all_files_together_and_can_be_demanded() {
    let dir = project();
    let ran = run(&dir, &[".", "--coverage"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!("coverage", ran.out);
    let ran = run(&dir, &["met_test.kpi", "--min-coverage", "28.5"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ran = run(&dir, &["met_test.kpi", "--min-coverage", "28.6"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "the tests reach 28.5 % of the rules: `--min-coverage` asks for 28.6 %\n");
    let ran = run(&dir, &["met_test.kpi", "--min-coverage", "101"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("expected a percentage from 0 to 100"), "{}", ran.err);
}

#[test]
fn rules_that_no_test_uses_count_too() {
    let dir = project();
    fs::write(dir.path().join("b.kpi"), "customer: visits >= 1 as visited\n").unwrap();
    let ran = run(&dir, &[".", "--coverage"]);
    let shown = "b.kpi: not reached\n\n    1 | customer: visits >= 1 as visited\n      | no test looks at this rule\n";
    assert!(ran.out.contains(shown), "{}", ran.out);
}

#[test]
fn coverage_is_written_as_lcov_or_json() {
    let dir = project();
    let ran = run(&dir, &["met_test.kpi", "--coverage-out", "lcov.info"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!("lcov", fs::read_to_string(dir.path().join("lcov.info")).unwrap());
    assert_eq!(run(&dir, &["met_test.kpi", "--coverage-out", "c.json"]).code, 0);
    let json = fs::read_to_string(dir.path().join("c.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["reached"], &json["cases"]), (&2.into(), &7.into()));
    let ran = run(&dir, &["met_test.kpi", "--coverage-out", "no/such/c.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot write the coverage to `no/such/c.json`"), "{}", ran.err);
}

#[test]
fn ten_thousand_tests_in_a_file_are_run() {
    let mut text = String::from("customer: calls >= 1 as c\n");
    for n in 0..10_000 {
        text.push_str(&format!(
            "test \"{n}\"\n given customer a\n expect c for a is missed at 2026-11-15\n"
        ));
    }
    let dir = folder(&[("many.kpi", &text)]);
    let ran = run(&dir, &["many.kpi", "--coverage"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("10000 tests, 10000 passed, 0 failed\n"), "{}", ran.out);
}

/// The text of the first block of a page that is fenced so.
fn block<'p>(page: &'p str, fence: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("```{fence}\n")).expect("the block");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_page_about_testing_shows_what_is_printed() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/testing.md");
    let page = fs::read_to_string(page).unwrap();
    let (rules, tests) = (block(&page, "kpi"), block(&page, "kpi file"));
    let dir = folder(&[("sales.kpi", rules), ("sales_test.kpi", tests)]);
    let shown =
        |args: &[&str]| format!("$ kadence test {}\n{}", args.join(" "), run(&dir, args).out);
    assert_eq!(shown(&["."]), block(&page, "console test"));
    assert_eq!(shown(&[".", "--filter", "hot", "--coverage"]), block(&page, "console coverage"));
}
