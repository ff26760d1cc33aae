//! `kadence goal` as it is run: on the example company, and on what can go wrong.

#![cfg(test)]

#[path = "support/json_schema.rs"]
mod json_schema;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use json_schema::{faults, is_closed, printed, with_validator_of};
use serde_json::json;
use support::{Ran, folder, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn goal(dir: &Path, words: &[&str]) -> Ran {
    run(dir, &[&["goal"], words].concat(), "")
}

const GOAL: &str = "goal sales = sum amount of won opportunities >= 1m per year\n    \
                    through lead > offer > won opportunity\n";

#[test]
fn the_page_shows_what_is_printed() {
    let page = fs::read_to_string(root().join("docs/goals.md")).unwrap();
    let (_, block) = page.split_once("```console\n$ kadence ").unwrap();
    let (block, _) = block.split_once("\n```").unwrap();
    let (command, shown) = block.split_once('\n').unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    let Ran { code, out, err } = run(&root(), &words, "");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.trim_end(), shown);
}

#[test]
fn every_form_says_the_same() {
    let words = |format| ["examples/nordic", "new-sales", "--format", format];
    let json = goal(&root(), &words("json")).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let steps = json[0]["steps"].as_array().unwrap();
    let csv = goal(&root(), &words("csv")).out;
    assert_eq!(csv.lines().count(), steps.len() + 1);
    let needed = steps[0]["needed"]["median"].as_f64().unwrap();
    assert!(csv.lines().nth(1).unwrap().contains(&format!(",{needed:.1},")), "{csv}");
    let md = goal(&root(), &words("md")).out;
    let so_far = &steps[0]["so_far"];
    assert!(md.contains(&format!("| lead | {so_far} | {needed:.0} |")), "{md}");
    assert_eq!(goal(&root(), &words("json")).out, goal(&root(), &words("json")).out);
}

#[test]
fn the_report_has_a_page_of_what_goals_need() {
    let page = run(&root(), &["report", "examples/nordic"], "").out;
    assert!(page.contains("data-page=\"/goals\"") && page.contains("What it takes in the rest"));
    assert!(page.contains("data-page=\"/effect\"") && !page.contains("data-page=\"/plan\""));
    let md = run(&root(), &["report", "examples/nordic", "--format", "md"], "").out;
    assert!(md.contains("\n## What goals need\n"));
    let without =
        folder(&[("rules.kpi", "customer: next call\n"), ("customers.csv", "id\nacme\n")]);
    let page = run(without.path(), &["report", ".", "--as-of", "2026-10-01"], "").out;
    assert!(!page.contains("/goals"));
}

#[test]
fn what_is_wrong_or_missing_is_a_plain_sentence() {
    let mut said = String::new();
    let mut case = |title: &str, rules: &str, files: &[(&str, &str)], words: &[&str]| {
        let files = [&[("rules.kpi", rules)], files].concat();
        let dir = folder(&files);
        let Ran { code, out, err } = goal(
            dir.path(),
            &[&["rules.kpi"], words, &["--data", ".", "--as-of", "2026-10-01"]].concat(),
        );
        said.push_str(&format!("# {title}: {code}\n{err}{out}\n"));
    };
    let empty = [("leads.csv", "id,created\n")];
    case("no goal at all", "customer: next call\n", &empty, &[]);
    case("a name that no goal has", GOAL, &empty, &["--name", "sale"]);
    case("a goal without data", GOAL, &empty, &[]);
    let leads: String = (10..40).map(|n| format!("l{n},2026-02-{:02}\n", n - 9)).collect();
    let leads = [("leads.csv", &*format!("id,created\n{leads}"))];
    case("a step that never happens", GOAL, &leads, &[]);
    let assumed = format!(
        "{GOAL}    assume lead > offer 40% within 10 days\n    assume offer > won opportunity 50%\n"
    );
    let few = [("leads.csv", "id,created\nbo,2026-09-01\n")];
    case("rates that are assumed, and no sale", &assumed, &few, &[]);
    let share = "goal quality = share of closed opportunities that are won >= 25% per year\n";
    case("a share", share, &empty, &[]);
    case("a window that moves", "goal calls = calls >= 5 in last 30 days\n", &empty, &[]);
    case(
        "a period that is over",
        "goal calls = calls >= 5 from 2026-01-01 until 2026-03-31\n",
        &few,
        &[],
    );
    case(
        "campaigns on the way",
        "goal calls = calls >= 5 per year through campaign > call\n",
        &empty,
        &[],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn a_goal_of_which_less_is_better_is_forecast_and_asks_for_nothing() {
    let calls: String =
        (1..=28).map(|n| format!("a{n},call,completed,2026-09-{n:02}T10:00\n")).collect();
    let dir = folder(&[
        ("rules.kpi", "goal quiet = calls <= 40 per year\n"),
        ("activities.csv", &format!("id,kind,status,at\n{calls}")),
    ]);
    let Ran { code, out, err } = goal(dir.path(), &["--data", ".", "--as-of", "2026-09-30"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains("it stays within the goal in fewer than 1 of 100"), "{out}");
    assert!(out.contains("less of it is better: nothing is needed for it"), "{out}");
}

#[test]
fn forecasts_conform_and_are_closed() {
    let mut told = printed("goal", &[]);
    with_validator_of(include_str!("../../../docs/goal.schema.json"), |validator| {
        assert_eq!(faults(validator, &told), Vec::<String>::new());
        for goal in told.as_array_mut().unwrap() {
            for list in ["/sellers", "/cohorts", "/supported_by"] {
                goal.pointer_mut(list).unwrap().as_array_mut().unwrap().truncate(1);
            }
        }
        is_closed(validator, &told);
        let wrong = [
            ("/0/schema", json!(2)),
            ("/0/day", json!("15.11.2026")),
            ("/0/chance", json!(1.5)),
            ("/0/steps/0/on/rate", json!("59 %")),
            ("/0/steps/0/needed/median", json!(null)),
            ("/0/steps/0/so_far", json!(-1)),
            ("/0/workdays/left", json!(0.5)),
            ("/1/lacks/0/lack", json!("luck")),
        ];
        for (pointer, value) in wrong {
            let mut changed = told.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            assert!(!validator.is_valid(&changed), "{pointer}");
        }
    });
}
