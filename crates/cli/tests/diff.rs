//! `kadence diff` as it is run: on the example company, and on what can go wrong.

#![cfg(test)]

#[path = "support/example.rs"]
mod example;
#[expect(dead_code, reason = "other tests write folders by it")]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use example::company;
use serde_json::Value;
use support::{Ran, run};
use tempfile::TempDir;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic")
}

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diff.md");
    fs::read_to_string(page).unwrap()
}

/// The blocks of the page that are fenced so.
fn blocks(page: &str, info: &str) -> Vec<String> {
    let fence = format!("```{info}\n");
    let starts = page.split(&fence).skip(1);
    starts.map(|rest| rest.split_once("```").unwrap().0.to_owned()).collect()
}

/// The rules of the example with the lines of the page's diff changed.
fn proposed() -> String {
    let mut text = fs::read_to_string(example().join("targets.kpi")).unwrap();
    let diff = blocks(&page(), "diff").remove(0);
    let lines: Vec<&str> = diff.lines().collect();
    let mut changes = 0;
    for pair in lines.windows(2) {
        let (Some(old), Some(new)) = (pair[0].strip_prefix('-'), pair[1].strip_prefix('+')) else {
            continue;
        };
        let (old, new) = (format!("\n{old}\n"), format!("\n{new}\n"));
        assert_eq!(text.matches(&old).count(), 1, "{old}");
        text = text.replace(&old, &new);
        changes += 1;
    }
    assert!(changes >= 2, "{diff}");
    text
}

/// The example company with the proposed rules, and the rules of before.
fn changed_company() -> (TempDir, String) {
    let dir = company();
    let before = fs::read_to_string(dir.path().join("targets.kpi")).unwrap();
    fs::write(dir.path().join("targets.kpi"), proposed()).unwrap();
    (dir, before)
}

#[test]
fn the_page_shows_what_is_printed() {
    let (dir, before) = changed_company();
    let shown = blocks(&page(), "console");
    assert!(shown.len() >= 2);
    for block in shown {
        let (command, shown) = block.split_once('\n').unwrap();
        let command = command.rsplit("kadence ").next().unwrap();
        let args: Vec<&str> = command.split_whitespace().collect();
        let Ran { code, out, err } = run(dir.path(), &args, &before);
        assert_eq!((code, err.as_str()), (0, ""));
        match shown.strip_suffix("…\n") {
            Some(start) => assert!(out.starts_with(start), "{command}\n{out}"),
            None => assert_eq!(out, shown, "{command}"),
        }
        let widest = out.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
        assert!(widest <= 80, "{widest} columns\n{out}");
    }
}

#[test]
fn scores_and_verdicts_are_those_of_two_evaluations() {
    let (dir, before) = changed_company();
    fs::write(dir.path().join("old.kpi"), &before).unwrap();
    let json = |args: &[&str]| -> Value {
        let ran = run(dir.path(), args, "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    };
    let found = json(&["diff", "old.kpi", "targets.kpi", "--data", "data", "--format", "json"]);
    let as_ofs = found["as_ofs"].as_array().unwrap();
    assert_eq!(as_ofs.len(), 12);
    for at in as_ofs.iter().step_by(5) {
        let day = at["day"].as_str().unwrap();
        let eval =
            |file| json(&["eval", file, "--data", "data", "--as-of", day, "--format", "json"]);
        let (old, new) = (eval("old.kpi"), eval("targets.kpi"));
        assert_eq!(at["as_of"], new["as_of"]);
        let score = |report: &Value| report["scores"]["company"]["score"].clone();
        assert_eq!(at["scores"]["company"]["old"], score(&old));
        assert_eq!(at["scores"]["company"]["new"], score(&new));
        for what in ["teams", "sellers"] {
            for (n, named) in at["scores"][what].as_array().unwrap().iter().enumerate() {
                assert_eq!(named["id"], old["scores"][what][n]["id"]);
                assert_eq!(named["old"], old["scores"][what][n]["score"]);
                assert_eq!(named["new"], new["scores"][what][n]["score"]);
            }
        }
        let differences = at["differences"].as_array().unwrap();
        assert!(!differences.is_empty());
        for difference in differences {
            for (side, report) in [("old", &old), ("new", &new)] {
                let verdict = &difference[side];
                let verdicts = report["verdicts"].as_array().unwrap();
                assert!(verdict.is_null() || verdicts.contains(verdict), "{verdict}");
            }
        }
    }
}

#[test]
fn rules_that_are_only_set_differently_differ_in_nothing() {
    let (dir, before) = changed_company();
    let loose = |line: &str| match line.contains('"') {
        true => {
            format!("  {line}   # why\n").replacen("  list", "list", 1).replacen("  use", "use", 1)
        }
        false => line.replace(": ", " :  ").replace("    as ", "  as ").replace(">=", "≥") + "\n",
    };
    let loose: String = before.lines().map(loose).collect();
    assert_ne!(loose, before);
    fs::write(dir.path().join("loose.kpi"), &loose).unwrap();
    let args =
        ["diff", "loose.kpi", "-", "--data", "data", "--fail-on", "different", "--every", "week"];
    let Ran { code, out, err } = run(dir.path(), &args, &before);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r"
    40 rules: 40 the same
    As of 52 days, 2025-11-23 to 2026-11-15: no verdict differs
    ");
}

/// Two rule files and a little data.
fn project(old: &str, new: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        ("old.kpi", old),
        ("new.kpi", new),
        ("data/sellers.csv", "id,team\nkim,\n"),
        ("data/customers.csv", "id,name,owner\nacme,=Acme,kim\nzeta,Zeta,\n"),
        (
            "data/activities.csv",
            "id,kind,status,at,customer\na1,call,completed,2026-02-03T10:00,acme\n",
        ),
        ("data/dataset.json", r#"{"as_of": "2026-04-15"}"#),
    ];
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

const OLD: &str = "customer: calls >= 0 per month as called\nlead: next call as gone\n";
const NEW: &str = "customer: calls >= 1 per month as called\nseller: calls >= 1 as fresh\n";

fn diff(dir: &TempDir, args: &[&str]) -> Ran {
    let all: Vec<&str> = ["diff", "old.kpi", "new.kpi", "--data", "data"]
        .into_iter()
        .chain(args.iter().copied())
        .collect();
    run(dir.path(), &all, "")
}

/// What is said when nothing was done: exit code 2, nothing on stdout.
fn refused(dir: &TempDir, args: &[&str]) -> String {
    let Ran { code, out, err } = run(dir.path(), args, "");
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    err
}

#[test]
fn a_few_rules_as_text() {
    let dir = project(OLD, NEW);
    let ran = diff(&dir, &["--from", "2026-02-01"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn as_of_one_moment_alone() {
    let dir = project(OLD, NEW);
    let ran = diff(&dir, &["--once", "--only", "called", "--by", "seller"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn csv_has_a_row_for_each_verdict_that_differs_and_no_formula() {
    let dir = project(OLD, NEW);
    let ran = diff(&dir, &["--from", "2026-02-01", "--format", "csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn what_fails_is_what_is_asked_for() {
    let code = |old: &str, new: &str, fail_on: &str| {
        diff(&project(old, new), &["--fail-on", fail_on]).code
    };
    assert_eq!(code(OLD, NEW, "worse"), 1);
    assert_eq!(code(NEW, OLD, "worse"), 0);
    assert_eq!(code(NEW, OLD, "different"), 1);
    assert_eq!(code(OLD, &OLD.replace("calls", "call"), "different"), 0);
    // A new rule judges somebody, or nobody.
    assert_eq!(code("", "customer: next call as a\n", "different"), 1);
    assert_eq!(code("", "lead: next call as a\n", "different"), 0);
}

#[test]
fn lists_and_goals_that_differ_are_told_and_fail_where_nothing_may_differ() {
    let old = "customer: calls >= 0 per month as called\n\
               list \"Call day: pipeline\" = overdue opportunity limit 20 per seller\n\
               list \"Silent\" = customer where (not meets called)\n\
               list \"Fair\" = open lead\n\
               goal new-sales = sum amount of won opportunities >= 5m per year through lead > offer\n";
    let new = "customer: calls >= 0 per month as called\n\
               list \"Call day: pipeline\" = overdue opportunity limit 10 per seller\n\
               list \"Quiet\" = customer where (not meets called)\n\
               list \"Cold\" = cold lead sort by created\n\
               goal new-sales = sum amount of won opportunities >= 6m per year through lead > offer\n";
    let dir = project(old, new);
    insta::assert_snapshot!(diff(&dir, &["--once"]).out, @r#"
    1 rule: 1 the same
    4 lists: 1 renamed, 1 changed, 1 added, 1 removed
    1 goal: 1 changed
    As of 2026-04-15: no verdict differs

    changed   list “Call day: pipeline”
      - list "Call day: pipeline" = overdue opportunity limit 20 per seller
      + list "Call day: pipeline" = overdue opportunity limit 10 per seller
    renamed   list “Silent” → “Quiet”
    added     list “Cold”
      + list "Cold" = cold lead sort by created
    removed   list “Fair”
      - list "Fair" = open lead
    changed   goal “new-sales”
      - goal new-sales = sum amount of won opportunities >= 5000000 per year through
        lead > offer
      + goal new-sales = sum amount of won opportunities >= 6000000 per year through
        lead > offer
    "#);
    assert_eq!(diff(&dir, &["--once", "--fail-on", "different"]).code, 1);
    assert_eq!(diff(&dir, &["--once", "--fail-on", "worse"]).code, 0);
    let only = diff(&dir, &["--once", "--only", "called", "--fail-on", "different"]);
    assert!(only.code == 0 && !only.out.contains("list"), "{}", only.out);
    let renamed = old.replace("Silent", "Quiet").replace("5m", "5_000_000");
    let dir = project(old, &renamed);
    insta::assert_snapshot!(diff(&dir, &["--once"]).out, @r"
    1 rule: 1 the same
    3 lists: 2 the same, 1 renamed
    As of 2026-04-15: no verdict differs

    renamed   list “Silent” → “Quiet”
    ");
    assert_eq!(diff(&dir, &["--once", "--fail-on", "different"]).code, 0);
    let built = old.replace("calls >= 0", "calls >= 1");
    let dir = project(old, &built);
    let out = diff(&dir, &["--once"]).out;
    let said = "changed   list “Silent”\n    by the words or rules on which it is built\n";
    assert!(out.contains(said), "{out}");
}

#[test]
fn standard_input_uses_the_files_beside_the_other() {
    let dir = project("", "use \"more/words.kpi\"\ncustomer: talks >= 1 per month as a\n");
    fs::create_dir(dir.path().join("sub")).unwrap();
    fs::create_dir(dir.path().join("sub/more")).unwrap();
    fs::rename(dir.path().join("new.kpi"), dir.path().join("sub/new.kpi")).unwrap();
    fs::write(dir.path().join("sub/more/words.kpi"), "define talk, talks = call | visit\n")
        .unwrap();
    let input = "\u{feff}use \"more/words.kpi\"\ncustomer: talks >= 2 per month as a\n";
    for files in [["-", "sub/new.kpi"], ["sub/new.kpi", "-"]] {
        let args = ["diff", files[0], files[1], "--data", "data"];
        let ran = run(dir.path(), &args, input);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.starts_with("1 rule: 1 changed\n"), "{}", ran.out);
    }
    let both = refused(&dir, &["diff", "-", "-", "--data", "data"]);
    insta::assert_snapshot!(both, @"error: OLD and NEW are both `-`: expected standard input for one of them");
}

#[test]
fn all_errors_of_both_are_shown() {
    let dir = project("lead: next cal as a\n", "lead: next cal as a\nlead next call\n");
    let said = diff(&dir, &[]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("old.kpi:1:12") && said.err.contains("new.kpi:2:"), "{}", said.err);
    assert!(
        said.err.ends_with("error: the old rules have 1 error; the new rules have 2 errors\n"),
        "{}",
        said.err
    );
    let said = refused(&dir, &["diff", "no.kpi", "none.kpi", "--data", "data"]);
    insta::assert_snapshot!(said, @"error: no file `no.kpi`: expected a rule file such as `targets.kpi`; no file `none.kpi`: expected a rule file such as `targets.kpi`");
}

#[test]
fn files_without_rules_or_without_a_rule_in_common_are_told_as_such() {
    let dir = project("", "");
    insta::assert_snapshot!(diff(&dir, &[]).out, @r"
    No rules
    As of 12 days, 2025-04-30 to 2026-03-31: no verdict differs
    ");
    let dir = project("lead: next call as a\n", "lead: next visit as b\n");
    let ran = diff(&dir, &["--once"]);
    assert!(ran.out.contains("No rule is in both: no verdict can be held against another\n"));
}

#[test]
fn data_with_kinds_of_one_of_them_alone_is_read_for_both() {
    let dir = project(
        "customer: activities >= 1 per year as a\n",
        "activity audit\ncustomer: activities >= 2 per year as a\n",
    );
    let more = "a2,audit,completed,2026-02-04T10:00,acme\n";
    let file = dir.path().join("data/activities.csv");
    fs::write(&file, fs::read_to_string(&file).unwrap() + more).unwrap();
    for (old, new) in [("old.kpi", "new.kpi"), ("new.kpi", "old.kpi")] {
        let ran = run(dir.path(), &["diff", old, new, "--data", "data"], "");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    }
}

#[test]
fn data_that_fits_one_of_them_alone_is_refused_with_which() {
    let dir = project(
        OLD,
        "field customer.name2 : text\nfield seller.team2 : number\ncustomer: calls >= 1 as a\n",
    );
    fs::write(dir.path().join("data/sellers.csv"), "id,team2\nkim,much\n").unwrap();
    let ran = diff(&dir, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    insta::assert_snapshot!(ran.err, @r"
    sellers.csv:2:5: sellers kim: `team2` cannot be `much` (expected a number such as 1234.5, of at most 28 digits)
    error: by the new rules: the data has 1 problem; mend them, or leave those rows out with `--lenient`
    ");
    assert_eq!(diff(&dir, &["--lenient"]).code, 0);
}

#[test]
fn days_that_there_are_not_or_too_many_of_are_refused() {
    let dir = project(OLD, NEW);
    let said = |args: &[&str]| {
        let all = [&["diff", "old.kpi", "new.kpi", "--data", "data"], args].concat();
        refused(&dir, &all)
    };
    insta::assert_snapshot!(said(&["--from", "2027-01-01"]), @"error: no month has ended from `--from` 2027-01-01 to the as-of; say an earlier `--from`, or `--once`");
    insta::assert_snapshot!(said(&["--from", "1900-01-01", "--every", "day"]), @"error: `--every day` from 1900-01-01 is more than 366 days to judge as of; say a later `--from` or a longer `--every`");
    insta::assert_snapshot!(said(&["--from", "soon"]), @"error: `--from` is `soon`: expected a date such as 2026-11-15");
    insta::assert_snapshot!(said(&["--only", "b"]), @"error: `--only` names no rule: `b`; expected one of called, fresh, gone");
    let dates: Vec<Value> = {
        let ran =
            diff(&dir, &["--from", "2026-03-31", "--as-of", "2026-03-31", "--format", "json"]);
        serde_json::from_str::<Value>(&ran.out).unwrap()["as_ofs"].as_array().unwrap().clone()
    };
    assert_eq!(dates.len(), 1);
    assert_eq!(dates[0]["day"], "2026-03-31");
}
