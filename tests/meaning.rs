//! What the sentences of the language mean, beyond the conformance files: every file of
//! `tests/meaning/`.

use std::fs;
use std::path::Path;

use kadence::{NoFiles, RuleSet};

#[test]
fn every_sentence_means_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/meaning");
    let mut files: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
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
                let (line, expected) = (failure.line, failure.expectation);
                failures.push(format!("{name}:{line}: {expected}\n    {}", failure.message));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
