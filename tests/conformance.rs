//! The language by example: the conformance files.

use std::fs;
use std::path::Path;

use kadence::{NoFiles, RuleSet};

#[test]
fn every_expectation_of_every_file_is_fulfilled() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return;
    };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "kpi"));
    files.sort();
    assert!(!files.is_empty());
    let mut failures = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let rules = RuleSet::compile(&name, &text, &NoFiles).unwrap_or_else(|d| panic!("{d}"));
        let run = rules.test();
        assert!(!run.tests.is_empty(), "{name} has no tests");
        for test in run.tests {
            for failure in test.failures {
                failures.push(format!(
                    "{name}:{}: {}\n    {}",
                    failure.line, failure.expectation, failure.message
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
