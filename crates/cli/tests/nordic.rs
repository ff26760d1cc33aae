//! The main job, end to end, on the example company.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use kadence::{Options, RuleSet};
use kadence_data::Folder;
use serde_json::Value;

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic")
}

fn kadence(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadence"));
    command.args(arguments).arg(example()).output().unwrap()
}

#[test]
fn the_report_conforms_to_the_schema_and_is_the_same_bytes_each_time() {
    let first = kadence(&["eval", "--format", "json", "--history"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert_eq!(first.stdout, kadence(&["eval", "--format", "json", "--history"]).stdout);

    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verdicts.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let report: Value = serde_json::from_slice(&first.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(report["verdicts"].as_array().unwrap().len() > 1000);
}

#[test]
fn the_tests_of_the_example_pass() {
    let run = kadence(&["test"]);
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    assert!(told.contains(" 0 failed"), "{told}");
}

#[test]
fn nothing_is_found_in_the_rules_and_tests_of_the_example() {
    let entries = std::fs::read_dir(example()).unwrap().map(|entry| entry.unwrap().path());
    let rules = entries.filter(|path| path.extension().is_some_and(|ending| ending == "kpi"));
    for path in rules {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let rules = RuleSet::compile(&name, &text, &Folder::new(example())).unwrap();
        let findings = rules.findings();
        assert!(findings.all.is_empty(), "{findings}");
    }
}

#[test]
fn one_rule_set_and_one_dataset_serve_many_threads() {
    let text = std::fs::read_to_string(example().join("targets.kpi")).unwrap();
    let rules = RuleSet::compile("targets.kpi", &text, &Folder::new(example())).unwrap();
    let data = kadence_data::read(&example().join("data"), rules.schema()).unwrap();
    let (data, _notes) = data.build().unwrap();
    let options = Options::at("2026-11-15".parse::<kadence::AsOf>().unwrap());
    let evaluate = || serde_json::to_string(&rules.evaluate(&data, &options).unwrap()).unwrap();
    let alone = evaluate();
    let together: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(evaluate)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(together.iter().all(|report| *report == alone));
}
