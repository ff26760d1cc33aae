//! `kadence check --data`: what rules ask of people, beside the time that they have.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn check(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadence"));
    let Output { status, stdout, stderr } =
        command.current_dir(dir).arg("check").args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

const NORDIC: [&str; 3] = ["examples/nordic", "--data", "examples/nordic/data"];

#[test]
fn the_page_shows_the_example_company() {
    let page = fs::read_to_string(root().join("docs/feasibility.md")).unwrap();
    let (_, block) = page.split_once("```console\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let (code, out, err) = check(&root(), &NORDIC);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(block, format!("$ kadence check {}\n{out}", NORDIC.join(" ")));
    let widest = out.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?}");
}

#[test]
fn json_conforms_to_the_schema_and_is_the_same_bytes_each_time() {
    let args = [&NORDIC[..], &["--format", "json"]].concat();
    let (code, out, err) = check(&root(), &args);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(check(&root(), &args).1, out);
    assert_eq!(schema_faults(&out), Vec::<String>::new());
    let found: Value = serde_json::from_str(&out).unwrap();
    let found = &found["feasibility"];
    assert_eq!(found["sellers"].as_array().unwrap().len(), 11);
    assert!(found["duties"].as_array().unwrap().len() > 100);
}

/// What of a JSON is not as the schema says.
fn schema_faults(json: &str) -> Vec<String> {
    let schema = fs::read_to_string(root().join("docs/diagnostics.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    let found: Value = serde_json::from_str(json).unwrap();
    schema.iter_errors(&found).map(|error| error.to_string()).collect()
}

fn small(customers: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let rule = "customer: calls >= 2 per month   because \"so\"\n";
    let calendar = "calendar\n    hours   1 per workday\n    minutes call 30\n";
    write("sales.kpi", &format!("{calendar}\n{rule}"));
    write("sellers.csv", "id,name\nkim,Kim\n");
    let rows: String = (0..customers).map(|n| format!("c{n},kim\n")).collect();
    write("customers.csv", &format!("id,owner\n{rows}"));
    dir
}

const DECEMBER: [&str; 5] = ["sales.kpi", "--data", ".", "--as-of", "2026-11-30"];

#[test]
fn a_strict_check_fails_where_more_is_asked_than_there_is_time_for() {
    // A month is left, with 23 workdays of an hour.
    for (customers, share, code) in [(23, "100 %", 0), (24, "105 %", 1)] {
        let dir = small(customers);
        let (lax, out, _) = check(dir.path(), &DECEMBER);
        assert_eq!(lax, 0);
        assert!(out.contains(share), "{out}");
        // The id of a rule without one is made from its text, and may be long.
        let widest = out.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(80), "{widest:?} {out}");
        let strict = check(dir.path(), &[&DECEMBER[..], &["--strict"]].concat());
        assert_eq!(strict, (code, out, String::new()));
    }
}

#[test]
fn a_strict_check_fails_where_nobody_knows_how_long_things_take() {
    let dir = small(2);
    fs::write(dir.path().join("sales.kpi"), "customer: calls >= 2 per month   because \"so\"\n")
        .unwrap();
    let (code, out, _) = check(dir.path(), &DECEMBER);
    assert_eq!(code, 0);
    let page = fs::read_to_string(root().join("docs/feasibility.md")).unwrap();
    assert!(
        page.contains(&format!("```console\n$ kadence check {}\n{out}```\n", DECEMBER.join(" "))),
        "{out}"
    );
    let strict = check(dir.path(), &[&DECEMBER[..], &["--strict"]].concat());
    assert_eq!(strict, (1, out, String::new()));
    let (code, out, _) =
        check(dir.path(), &[&DECEMBER[..], &["--strict", "--format", "json"]].concat());
    assert_eq!(code, 1);
    assert_eq!(schema_faults(&out), Vec::<String>::new());
    let found: Value = serde_json::from_str(&out).unwrap();
    let call = serde_json::json!([{ "kinds": ["call"], "asked": "4", "planned": "0" }]);
    assert_eq!(found["feasibility"]["unmeasured"], call);
    assert_eq!(found["feasibility"]["company"]["share"], Value::Null);
    let (_, out, _) = check(dir.path(), &[&DECEMBER[..], &["--format", "github"]].concat());
    let said = "::warning file=sales.kpi,line=1,title=feasibility::no length is known of `call`: 4 asked for\n";
    assert_eq!(out, said);
    // What is known of the rest is the least that it can be.
    let meetings = "calendar\n    minutes meeting 60\n\
                    seller: meetings >= 3 per month   because \"so\"   as met\n";
    let calls = "customer: calls >= 2 per month   because \"so\"   as called\n";
    fs::write(dir.path().join("sales.kpi"), format!("{meetings}{calls}")).unwrap();
    let (code, out, _) = check(dir.path(), &[&DECEMBER[..], &["--strict"]].concat());
    assert_eq!(code, 1);
    insta::assert_snapshot!(out, @r"
    2 rules, no errors

    What the rules ask from 2026-12-01 to 2026-12-31

                  Time  Planned  At least  Share  At most  Asks most
    Kim          184 h      0 h       3 h  ≥ 2 %  unknown  met 3 h
                                                           called 4 unknown
    The company  184 h      0 h       3 h  ≥ 2 %  unknown  met 3 h
                                                           called 4 unknown

    A workday is taken to have 8 hours: say `hours N per workday` in the calendar.
    Minutes: meeting 60.
    Without minutes, and not reckoned with where another kind will do: visit,
    email, message, demo, offer, task.
    No length is known of `call`: 4 asked for.
    So it is not known whether there is time for it: say `minutes KIND N` in the
    calendar, or give completed activities their `minutes` in the data.
    ");
}

#[test]
fn an_overload_is_a_warning_on_the_rule_that_asks_most() {
    let dir = small(24);
    let (_, out, _) = check(dir.path(), &[&DECEMBER[..], &["--format", "github"]].concat());
    let first = "::warning file=sales.kpi,line=5,title=feasibility::`Kim` is asked for at least 24 h \
                 and has 23 h; `customer-calls-2-per-month` asks most\n";
    assert!(out.starts_with(first), "{out}");
    let (_, out, _) = check(dir.path(), &[&DECEMBER[..], &["--format", "sarif"]].concat());
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&out).unwrap();
    let invocation = &sarif.runs[0].invocations.as_ref().unwrap()[0];
    assert_eq!(invocation.tool_execution_notifications.as_ref().unwrap().len(), 2);
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let dir = small(1);
    let refused = |more: &[&str]| {
        let (code, out, err) = check(dir.path(), &[&DECEMBER[..], more].concat());
        assert_eq!((code, out.as_str()), (2, ""));
        err
    };
    insta::assert_snapshot!(refused(&["--until", "2026-11-01"]), @"error: `--until` is `2026-11-01`: expected a day from 2026-11-30 on, as of which it is");
    insta::assert_snapshot!(refused(&["--until", "2099-01-01"]), @"error: `--until`: 2099-01-01 is too far ahead: expected a day up to 2036-11-30");
    insta::assert_snapshot!(refused(&["--until", "soon"]), @"error: `--until` is `soon`: expected a date such as 2026-11-15");
    let (code, _, err) = check(dir.path(), &["sales.kpi", "--strict"]);
    assert_eq!(code, 2);
    assert!(err.contains("--data <PATH>"), "{err}");
    fs::write(dir.path().join("sellers.csv"), "id,fte\nkim,half\n").unwrap();
    let (code, out, err) = check(dir.path(), &DECEMBER);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("sellers.csv:2:5") && err.contains("--lenient"), "{err}");
    assert_eq!(check(dir.path(), &[&DECEMBER[..], &["--lenient"]].concat()).0, 0);
}

#[test]
fn nobody_and_nothing_are_no_failure() {
    let dir = small(0);
    let args = ["sales.kpi", "--data", ".", "--as-of", "2026-12-31", "--strict"];
    let (code, out, _) = check(dir.path(), &args);
    assert_eq!(code, 0);
    insta::assert_snapshot!(out, @r"
    1 rule, no errors

    Nothing remains after 2026-12-31

                 Time  Planned  At least  Share  At most  Asks most
    Kim           0 h      0 h       0 h             0 h
    The company   0 h      0 h       0 h             0 h

    A workday has 1 h for activities.
    Minutes: call 30.
    Without minutes, and not reckoned with where another kind will do: visit,
    meeting, email, message, demo, offer, task.
    ");
    fs::remove_file(dir.path().join("sellers.csv")).unwrap();
    assert_eq!(check(dir.path(), &[&DECEMBER[..], &["--strict"]].concat()).0, 0);
}
