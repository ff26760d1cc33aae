//! The page on exports of well-known systems: every report that it shows is that of the samples.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

#[test]
fn the_page_shows_what_the_samples_give() {
    let page = fs::read_to_string(root().join("docs/data/presets.md")).unwrap();
    let samples = root().join("crates/data/tests/presets");
    let mut shown = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        let (command, text) = block.split_once('\n').unwrap();
        let args: Vec<&str> = command.strip_prefix("$ kadence ").unwrap().split(' ').collect();
        let mut kadence = Command::new(env!("CARGO_BIN_EXE_kadence"));
        let output = kadence.args(&args).current_dir(&samples).output().unwrap();
        let said = [output.stderr, output.stdout].concat();
        assert!(output.status.success(), "{command}");
        assert_eq!(text, String::from_utf8(said).unwrap(), "{command}");
        shown.push(args.iter().find_map(|arg| arg.strip_suffix('/')).unwrap().to_owned());
    }
    let presets: Vec<&str> = kadence_data::presets().map(|(name, _)| name).collect();
    let mut systems: Vec<&str> = shown.iter().map(String::as_str).collect();
    systems.sort_unstable();
    assert_eq!(systems, presets);
}

#[test]
fn the_page_shows_the_rules_that_judge_them() {
    let page = fs::read_to_string(root().join("docs/data/presets.md")).unwrap();
    let rules = fs::read_to_string(root().join("crates/data/tests/presets/sales.kpi")).unwrap();
    assert!(page.contains(&format!("```kpi\n{rules}```\n")));
}
