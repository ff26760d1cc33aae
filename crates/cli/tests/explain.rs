//! Stories as they are told, and the page that shows them.

#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kadence::verdict::Story;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn kadence(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadence"));
    command.args(arguments).current_dir(root()).output().unwrap()
}

/// What the command says, on stdout or stderr.
fn said(arguments: &[&str]) -> String {
    let Output { stdout, stderr, .. } = kadence(arguments);
    String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap()
}

fn error(arguments: &[&str]) -> String {
    let ran = kadence(arguments);
    assert_eq!((ran.status.code(), ran.stdout.len()), (Some(2), 0));
    String::from_utf8(ran.stderr).unwrap()
}

#[test]
fn the_page_shows_what_is_told() {
    let page = std::fs::read_to_string(root().join("docs/explain.md")).unwrap();
    let blocks: Vec<&str> = page.split("```console\n").skip(1).collect();
    assert!(blocks.len() > 5);
    for block in blocks {
        let (block, _) = block.split_once("```").unwrap();
        let (command, shown) = block.split_once('\n').unwrap();
        let words: Vec<&str> = command.split(' ').skip(2).collect();
        assert_eq!(said(&words), shown, "{command}");
    }
}

#[test]
fn no_line_is_wider_than_eighty_columns() {
    use unicode_width::UnicodeWidthStr;
    let subjects = [
        ("a-contact", "c017"),
        ("own-goal", "asta"),
        ("hit-rate", "danmark"),
        ("no-orphans", "company"),
    ];
    for (rule, subject) in subjects {
        let text = said(&["explain", "examples/nordic", rule, subject]);
        assert!(text.lines().count() > 5, "{text}");
        for line in text.lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

#[test]
fn a_story_is_json_that_can_be_read_again() {
    let text = said(&["explain", "examples/nordic", "own-goal", "asta", "--format", "json"]);
    let story: Story = serde_json::from_str(&text).unwrap();
    assert_eq!((story.rule.id.as_str(), story.verdict.subject.id.as_str()), ("own-goal", "asta"));
    assert_eq!(serde_json::to_string_pretty(&story).unwrap() + "\n", text);
}

#[test]
fn what_is_not_there_is_named_with_what_was_perhaps_meant() {
    let explain = |words: &[&str]| error(&[&["explain", "examples/nordic"], words].concat());
    assert!(explain(&["a-contakt", "c017"]).contains("did you mean `a-contact`?"));
    assert!(
        explain(&["a-contact", "c01x7"]).contains("did you mean `c017` (Fuglekæld Rådgivning)?")
    );
    // Seven customers have a name that begins so.
    assert!(explain(&["a-contact", "fuglekæld"]).contains(
        "did you mean `c003` (Fuglekæld Køkkener), `c017` (Fuglekæld Rådgivning), \
         `c053` (Fuglekæld Værksted) or one of 4 more?"
    ));
    let one = explain(&["a-contact", "FUGLEKÆLD RÅD"]);
    assert!(one.contains("did you mean `c017` (Fuglekæld Rådgivning)?"), "{one}");
    assert!(explain(&["zzzzzz", "c017"]).contains("expected one of a-contact, a-gap"));
    assert!(explain(&["call-quota", "asta"]).contains("the rule is in force until 2025-12-31"));
    assert!(explain(&["a-gap", "c017", "--period", "2026-01-01"]).contains("has no period"));
    let nowhere = error(&["explain", "a-contact", "c017"]);
    assert!(nowhere.contains("rules elsewhere are named before `a-contact`"), "{nowhere}");
    let alone = error(&["explain", "a-contact"]);
    assert!(alone.contains("`explain RULE SUBJECT`"), "{alone}");
}
