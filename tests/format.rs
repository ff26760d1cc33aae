//! Formatted rules are the same rules, for every rule file of the repository.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use kadence::verdict::RuleInfo;
use kadence::{Code, Compiler, Resolver, TestResult};

/// The files beside a rule file, and one calendar.
struct Beside<'a>(&'a Path);

impl Resolver for Beside<'_> {
    fn read(&self, name: &str) -> Result<String, String> {
        fs::read_to_string(self.0.with_file_name(name)).map_err(|error| error.to_string())
    }

    fn holidays(&self, name: &str) -> Result<Vec<NaiveDate>, String> {
        match name {
            "dk.ics" => Ok(NaiveDate::from_ymd_opt(2026, 12, 25).into_iter().collect()),
            _ => Err("no such file".to_owned()),
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(rule_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "kpi") {
            found.push(path);
        }
    }
    found
}

/// What became of rules, apart from how they are written.
#[derive(Debug, PartialEq)]
struct Outcome {
    faults: Vec<Code>,
    rules: Vec<RuleInfo>,
    plan: String,
    /// The names of the tests, with what failed.
    tests: Vec<(String, Vec<String>)>,
}

fn outcome(path: &Path, text: &str) -> Outcome {
    let compilation = Compiler::new().compile("rules.kpi", text, &Beside(path));
    let rules = compilation.rules;
    let unwritten = |rule| RuleInfo { text: String::new(), line: 0, ..rule };
    let failed = |test: TestResult| {
        let messages = test.failures.into_iter().map(|failure| failure.message);
        (test.name, messages.collect())
    };
    Outcome {
        faults: compilation.diagnostics.all.iter().map(|fault| fault.code).collect(),
        rules: rules.rules().map(unwritten).collect(),
        // It shows phrases as they are written.
        plan: rules.plan().to_string().split_whitespace().collect(),
        tests: rules.test().tests.into_iter().map(failed).collect(),
    }
}

#[test]
fn the_rules_before_and_after_are_the_same() {
    let mut files = rule_files(root());
    match root().join("../shared/conformance") {
        folder if folder.is_dir() => files.extend(rule_files(&folder)),
        _ => println!("skipped: ../shared/conformance is not there"),
    }
    let mut changed = 0;
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let Ok(formatted) = kadence::format("rules.kpi", &text) else { continue };
        assert_eq!(outcome(&path, &formatted), outcome(&path, &text), "{}", path.display());
        changed += usize::from(formatted != text);
    }
    assert!(changed > 10, "{changed} files were not in form");
}

#[test]
fn the_rule_files_that_are_shown_are_in_form() {
    for folder in ["examples", "grammar", "benches"] {
        for path in rule_files(&root().join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(kadence::format("rules.kpi", &text).unwrap(), text, "{}", path.display());
        }
    }
}
