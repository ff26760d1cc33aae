//! The example company in another language.

#![cfg(test)]

#[expect(dead_code, reason = "other tests write folders by it")]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Ran, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the example company is told, every period included.
fn report(language: &str) -> Value {
    let args = ["eval", "examples/nordic", "--history", "--format", "json", "--lang", language];
    let Ran { code, out, err } = run(&root(), &args, "");
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// The text of a value that has one.
fn text<'v>(of: &'v Value, key: &str) -> &'v str {
    of[key].as_str().unwrap()
}

/// Verdicts, then goals, each with how it is called.
fn told(report: &Value) -> Vec<(&str, &Value)> {
    let all = |key: &str| report[key].as_array().unwrap().iter();
    let verdicts = all("verdicts").map(|verdict| (text(verdict, "rule"), verdict));
    verdicts.chain(all("goals").map(|goal| (text(goal, "id"), goal))).collect()
}

/// A sentence without what differs from subject to subject.
fn form(sentence: &str) -> String {
    let digits = sentence.chars().map(|c| if c.is_ascii_digit() { '0' } else { c });
    let mut form = String::new();
    for c in digits.filter(|c| !matches!(c, '.' | '-')) {
        if !(c == '0' && form.ends_with('0')) {
            form.push(c);
        }
    }
    form
}

/// Each form that a rule's sentences have, by the first that has it.
#[test]
fn the_example_company_in_danish() {
    let (english, danish) = (report("en"), report("da"));
    let (english, danish) = (told(&english), told(&danish));
    assert_eq!(english.len(), danish.len());
    let mut seen = BTreeSet::new();
    let mut shown = String::new();
    for ((rule, english), (_, danish)) in english.into_iter().zip(danish) {
        let (english, danish) = (text(english, "sentence"), text(danish, "sentence"));
        if seen.insert((rule, form(english))) {
            shown.push_str(&format!("{rule}\n  {english}\n  {danish}\n"));
        }
    }
    insta::assert_snapshot!(shown);
}

/// Without `--lang`, and but for the words, everything is the same.
#[test]
fn english_unless_said_and_otherwise_only_other_words() {
    let args = ["eval", "examples/nordic", "--history", "--format", "json"];
    let unsaid: Value = serde_json::from_str(&run(&root(), &args, "").out).unwrap();
    assert_eq!(unsaid, report("en"));
    let without_words = |mut report: Value| {
        for (list, keys) in [
            ("verdicts", ["sentence", "reason"].as_slice()),
            ("goals", &["sentence", "reason"]),
            ("problems", &["message"]),
        ] {
            for one in report[list].as_array_mut().unwrap() {
                for key in keys {
                    one[*key] = Value::Null;
                }
            }
        }
        report
    };
    assert_eq!(without_words(unsaid), without_words(report("da")));
}

#[test]
fn the_page_of_the_command_shows_it() {
    let page = fs::read_to_string(root().join("docs/command.md")).unwrap();
    let (_, block) =
        page.split_once("```console\n$ kadence eval examples/nordic --lang da").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let (args, shown) = block.split_once('\n').unwrap();
    let args: Vec<&str> = args.split_whitespace().collect();
    let out = run(&root(), &[&["eval", "examples/nordic", "--lang", "da"], &args[..]].concat(), "");
    assert_eq!((out.code, out.out.as_str(), out.err.as_str()), (0, shown, ""));
}

#[test]
fn an_unknown_language_says_which_there_are() {
    let Ran { code, out, err } = run(&root(), &["eval", "examples/nordic", "--lang", "fr"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("unknown language `fr`, expected `en` or `da`"), "{err}");
}
