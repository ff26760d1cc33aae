//! `kadence init`: what it writes is a start that works.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

mod support;

use support::{Ran, folder};

fn run(args: &[&str]) -> Ran {
    support::run(Path::new(env!("CARGO_MANIFEST_DIR")), args, "")
}

const PAGE: &str = include_str!("../../../docs/data.md");

/// The blocks of the page in a language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let start = format!("```{language}\n");
    PAGE.split(&start).skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect()
}

/// The export of the page.
fn export(dir: &Path) {
    let [customers, activities] = blocks("csv")[..] else { panic!("the page has two tables") };
    fs::create_dir_all(dir).unwrap();
    fs::write(dir.join("Kunder.csv"), customers).unwrap();
    fs::write(dir.join("Aktiviteter.csv"), activities).unwrap();
}

#[test]
fn the_page_shows_how_an_export_becomes_a_report() {
    let dir = tempfile::tempdir().unwrap();
    export(&dir.path().join("export"));
    let commands = blocks("console");
    assert_eq!(commands.len(), 2);
    for shown in commands {
        let (command, expected) = shown.split_once('\n').unwrap();
        let words: Vec<&str> = command.strip_prefix("$ kadence ").unwrap().split(' ').collect();
        let ran = support::run(dir.path(), &words, "");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command}");
        assert_eq!(ran.out, expected, "{command}");
    }
    let text = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(blocks("toml"), [text("kadence.toml")]);
    insta::assert_snapshot!("targets.kpi", text("targets.kpi"));
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let data = tempfile::tempdir().unwrap();
    export(data.path());
    let path = data.path().display().to_string();
    fs::write(data.path().join("targets.kpi"), "mine").unwrap();
    let refused = run(&["init", &path, "--into", &path]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("targets.kpi` is there already"), "{}", refused.err);
    assert!(!data.path().join("kadence.toml").exists());
    assert_eq!(fs::read_to_string(data.path().join("targets.kpi")).unwrap(), "mine");
    assert_eq!(run(&["init", &path, "--into", &path, "--force"]).code, 0);
    // What it wrote is what is found from then on.
    let judged = run(&["eval", &path, "--data", &path, "--as-of", "2026-02-20"]);
    assert_eq!(judged.code, 0, "{}", judged.err);
}

#[test]
fn data_that_is_named_as_kadence_names_it_needs_no_mapping() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic/data");
    let into = tempfile::tempdir().unwrap();
    let data = example.display().to_string();
    let done = run(&["init", &data, "--into", &into.path().display().to_string()]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(!into.path().join("kadence.toml").exists());
    let rules = into.path().join("targets.kpi").display().to_string();
    let judged = run(&["eval", &rules, "--data", &data, "--lenient"]);
    assert_eq!(judged.code, 0, "{}", judged.err);
    let text = fs::read_to_string(into.path().join("targets.kpi")).unwrap();
    assert!(text.contains("segment A = customer where revenue >= "), "{text}");
}

#[test]
fn data_of_which_nothing_is_known_is_refused_with_its_tables() {
    let data = folder(&[("Lister.csv", "a;b\n1;2\n")]);
    let into = tempfile::tempdir().unwrap();
    let done = run(&[
        "init",
        &data.path().display().to_string(),
        "--into",
        &into.path().display().to_string(),
    ]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("it has `Lister`"), "{}", done.err);
    assert_eq!(fs::read_dir(into.path()).unwrap().count(), 0);
}

#[test]
fn somebody_elses_crm_is_judged_after_one_command() {
    let data: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/workbench");
    if !data.is_dir() {
        eprintln!("skipped: there is no {}", data.display());
        return;
    }
    let into = tempfile::tempdir().unwrap();
    let (data, path) = (data.display().to_string(), into.path().display().to_string());
    let done = run(&["init", &data, "--into", &path]);
    assert_eq!(done.code, 0, "{}", done.err);
    let (rules, mapping) = (format!("{path}/targets.kpi"), format!("{path}/kadence.toml"));
    let judged =
        run(&["eval", &rules, "--data", &data, "--mapping", &mapping, "--as-of", "2023-11-30"]);
    assert_eq!(judged.code, 0, "{}", judged.err);
    assert_eq!(run(&["check", &rules, "--deny"]).code, 0);
}
