//! Reports as files, and the page that shows one.

#![cfg(test)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn kadence(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadence"));
    command.args(arguments).current_dir(root()).output().unwrap()
}

#[test]
fn the_page_shows_what_is_made() {
    let page = std::fs::read_to_string(root().join("docs/report.md")).unwrap();
    let command = "```console\n$ kadence report examples/nordic --format md";
    let (_, rest) = page.split_once(command).unwrap();
    let (options, rest) = rest.split_once('\n').unwrap();
    let (_, rest) = rest.split_once("```text\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let mut words = vec!["report", "examples/nordic", "--format", "md"];
    words.extend(options.split_whitespace());
    let made = String::from_utf8(kadence(&words).stdout).unwrap();
    assert!(shown.lines().count() > 30);
    assert!(made.starts_with(shown.trim_end_matches("…\n")), "{made}");
}

#[test]
fn each_form_is_made_by_the_ending_of_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let starts: [(&str, &[u8]); 5] = [
        ("r.html", b"<!DOCTYPE html>"),
        ("r.md", b"# "),
        ("r.xlsx", b"PK"),
        ("r.png", b"\x89PNG"),
        ("r.json", b"{"),
    ];
    for (name, start) in starts {
        let out = dir.path().join(name);
        let ran = kadence(&["report", "examples/nordic", "--out", out.to_str().unwrap()]);
        assert!(ran.status.success() && ran.stdout.is_empty(), "{name}");
        let made = std::fs::read(&out).unwrap();
        assert!(made.starts_with(start), "{name}");
    }
    let json = std::fs::read(dir.path().join("r.json")).unwrap();
    let overview: kadence::overview::Overview = serde_json::from_slice(&json).unwrap();
    assert_eq!(overview.outlines.len(), overview.report.verdicts.len());
}

#[test]
fn what_cannot_be_made_says_why() {
    let dir = support::folder(&[
        ("a.kpi", "customer: calls >= 1 per year"),
        ("customers.csv", "id\nacme\n"),
    ]);
    let ran = |args: &[&str]| {
        let ran = support::run(dir.path(), &[&["report", "."], args].concat(), "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        ran.err
    };
    insta::assert_snapshot!(ran(&["--format", "xlsx"]), @"error: a workbook or a picture needs a file: say `--out FILE`");
    insta::assert_snapshot!(ran(&["--out", "report.pdf"]), @"error: `report.pdf` does not say what to make: expected `.html`, `.md`, `.xlsx`, `.png` or `.json`, or `--format`");
    insta::assert_snapshot!(ran(&["--out", "no/such/folder.html"]), @"error: cannot write `no/such/folder.html`: No such file or directory (os error 2)");
    assert!(ran(&["--lang", "fr"]).contains("unknown language `fr`, expected `en` or `da`"));
    insta::assert_snapshot!(ran(&["--only", "cals"]), @"error: `--only` names no rule: `cals`; expected one of customer-calls-1-per-year");
}
